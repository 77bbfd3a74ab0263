// Sensible arguments for every tool, on the demo account.
const user = 'github-actions-deploy';
const role = 'storefront-api-lambda';
const bucketPolicy = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }],
});
const openTrust = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }],
};

export const calls = {
  scan_iam_identities: [{}, { include_permissions: true, max_items: 5 }],
  list_nhi_identities: [{}, { min_confidence: 0.9, max_items: 3 }],
  analyze_caller_permissions: [{}],
  get_identity_details: [{ identity_name: user }, { identity_name: role, identity_type: 'role' }],
  distinguish_users_vs_nhi: [{}],
  evaluate_access: [
    { principal: user, action: 's3:PutObject', resource: 'arn:aws:s3:::books/a' },
    { principal: user, action: 'iam:PassRole', resource: 'arn:aws:iam::123456789012:role/web-server', context: { 'aws:MultiFactorAuthPresent': true } },
  ],
  who_can: [{ action: 'iam:PassRole', max_items: 5 }],
  find_escalation_paths: [{ max_items: 3 }, { identity_name: 'orchid', only_admin: true }],
  classify_role_trust: [{ role_name: role }, { max_items: 5 }, { trust_policy: openTrust, account_id: '123456789012' }],
  lint_policy: [{ policy_document: bucketPolicy }, { policy_document: openTrust, policy_type: 'trust' }],
  explain_policy: [{ policy_document: bucketPolicy }, { policy_arn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }],
  list_users: [{}, { max_items: 3 }],
  get_user: [{ user_name: user }],
  list_roles: [{}, { path_prefix: '/service-role/' }],
  get_role: [{ role_name: role }],
  list_groups: [{}],
  get_group: [{ group_name: 'finance' }],
  list_policies: [{}, { scope: 'All', only_attached: true }],
  get_managed_policy_document: [{ policy_arn: 'arn:aws:iam::123456789012:policy/AgentBoundary' }],
  list_user_policies: [{ user_name: user }],
  get_user_policy: [{ user_name: user, policy_name: 'assume-deploy-role' }],
  list_role_policies: [{ role_name: 'AWSGlueServiceRole-sales' }],
  get_role_policy: [{ role_name: 'AWSGlueServiceRole-sales', policy_name: 'lake' }],
  list_group_policies: [{ group_name: 'finance' }],
  get_group_policy: [{ group_name: 'finance', policy_name: 'reports' }],
  list_attached_role_policies: [{ role_name: 'admin-with-mfa' }],
  get_account_summary: [{}],
  get_credential_report: [{ max_items: 3 }],
  get_access_key_last_used: [{ access_key_id: 'AKIAYWBDHHMZPEXAMPLE' }],
  get_service_last_accessed: [{ arn: `arn:aws:iam::123456789012:role/${role}` }],
  simulate_principal_policy: [
    { policy_source_arn: 'arn:aws:iam::123456789012:user/orchid', action_names: ['s3:GetObject'] },
  ],
  simulate_custom_policy: [{ policy_documents: [bucketPolicy], action_names: ['s3:GetObject'] }],
};
