// Arguments for every tool that changes IAM, on the account of moto_crowded.py. Each
// can be planned: nothing of them is refused, and nothing is missing.
const account = 'arn:aws:iam::123456789012';
const books = `${account}:policy/books`;
const bound = `${account}:policy/bound`;
const document = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::papers/*' }] };
const trust = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }] };

// key is an access key of the user crowded.
export const changes = (key) => ({
  create_user: { user_name: 'new', path: '/robots/', tags: { team: 'build' } },
  delete_user: { user_name: 'crowded', force: true },
  attach_user_policy: { user_name: 'plain', policy_arn: books },
  detach_user_policy: { user_name: 'crowded', policy_arn: books },
  put_user_policy: { user_name: 'plain', policy_name: 'p', policy_document: document },
  delete_user_policy: { user_name: 'crowded', policy_name: 'inline' },
  create_access_key: { user_name: 'plain' },
  update_access_key: { user_name: 'crowded', access_key_id: key, status: 'Inactive' },
  delete_access_key: { user_name: 'crowded', access_key_id: key },
  rotate_access_key: { user_name: 'legacy' },
  delete_login_profile: { user_name: 'crowded' },
  create_group: { group_name: 'new' },
  delete_group: { group_name: 'crowd', force: true },
  add_user_to_group: { group_name: 'devs', user_name: 'plain' },
  remove_user_from_group: { group_name: 'crowd', user_name: 'member' },
  attach_group_policy: { group_name: 'devs', policy_arn: books },
  detach_group_policy: { group_name: 'crowd', policy_arn: books },
  put_group_policy: { group_name: 'devs', policy_name: 'p', policy_document: JSON.stringify(document) },
  delete_group_policy: { group_name: 'crowd', policy_name: 'inline' },
  create_role: { role_name: 'new', assume_role_policy_document: trust, max_session_duration: 7200 },
  delete_role: { role_name: 'busy', force: true },
  update_assume_role_policy: { role_name: 'worker', policy_document: trust },
  attach_role_policy: { role_name: 'worker', policy_arn: books },
  detach_role_policy: { role_name: 'busy', policy_arn: books },
  put_role_policy: { role_name: 'worker', policy_name: 'p', policy_document: document },
  delete_role_policy: { role_name: 'busy', policy_name: 'inline' },
  create_instance_profile: { instance_profile_name: 'new' },
  delete_instance_profile: { instance_profile_name: 'vacant' },
  add_role_to_instance_profile: { instance_profile_name: 'vacant', role_name: 'worker' },
  remove_role_from_instance_profile: { instance_profile_name: 'web', role_name: 'busy' },
  create_policy: { policy_name: 'new', policy_document: document },
  delete_policy: { policy_arn: books, force: true },
  create_policy_version: { policy_arn: books, policy_document: document, set_as_default: true },
  set_default_policy_version: { policy_arn: books, version_id: 'v2' },
  delete_policy_version: { policy_arn: books, version_id: 'v2' },
  set_permissions_boundary: { identity_name: 'plain', policy_arn: bound },
  delete_permissions_boundary: { identity_name: 'crowded' },
  tag_identity: { identity_name: 'worker', identity_type: 'role', tags: { team: 'web' } },
  untag_identity: { identity_name: 'svc-orders-00001', tag_keys: ['team'] },
});
