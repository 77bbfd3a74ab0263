// Changes IAM as its clients do, and has a person, played here, confirm it or not:
//
//   RECORDER=http://host:port KEY=AKIA… NAME=… node change.mjs v1|v2-legacy|v2-modern write|read TARGET...
//
// The recorder stands before AWS and tells at /recorder which changes were asked of
// it. NAME begins the names of what is created here. With read the target is a
// server that must not change anything.
import assert from 'node:assert/strict';
import { changes } from './changes.mjs';
import { connect, finish } from './connect.mjs';

const [kind, mode, ...target] = process.argv.slice(2);
const user = `${process.env.NAME}-robot`;
const all = changes(process.env.KEY);
const asked = [];
let person = () => assert.fail('nobody is to be asked');
const client = await connect(kind, target, (question) => {
  asked.push(question);
  return person(question);
});
const listed = new Set((await client.listTools()).tools.map((tool) => tool.name));

if (mode === 'read') await nothingIsServed();
else {
  await everyPreview();
  await oneLife();
  await nobodyThere();
  await refusedByMeaning();
}
await finish(client);
console.log(JSON.stringify({ kind, mode, questions: asked.length }));

async function changed(during) {
  const recorded = async () => (await fetch(`${process.env.RECORDER}/recorder`)).json();
  const before = (await recorded()).length;
  await during();
  return (await recorded()).slice(before);
}

async function unchanged(during) {
  assert.deepEqual(await changed(during), []);
}

async function good(tool, args) {
  const answer = await client.use(tool, args);
  assert.notEqual(answer.isError, true, `${tool}: ${answer.content[0].text}`);
  return answer.structuredContent;
}

async function fails(tool, args, code, by = client) {
  const answer = await by.use(tool, args);
  assert.equal(answer.isError, true, `${tool}: ${JSON.stringify(answer.structuredContent)}`);
  const { error } = JSON.parse(answer.content[0].text);
  assert.equal(error.code, code, error.message);
  return error;
}

async function nothingIsServed() {
  await unchanged(async () => {
    for (const [tool, args] of Object.entries(all)) {
      assert.ok(!listed.has(tool), tool);
      for (const tried of [args, { ...args, preview: true }, { ...args, confirmed: true }]) {
        const { message, hint } = await fails(tool, tried, 'Refused');
        assert.match(message + hint, /--allow-write/, tool);
      }
    }
  });
}

async function everyPreview() {
  const writes = [...listed].filter((tool) => all[tool]);
  assert.deepEqual(writes.sort(), Object.keys(all).sort(), 'changes.mjs has all tools that change something');
  await unchanged(async () => {
    for (const tool of writes) {
      const plan = await good(tool, { ...all[tool], preview: true });
      assert.equal(plan.status, 'preview', tool);
      assert.ok(plan.steps.length > 0 && plan.steps.every((step) => step.status === 'planned'), `${tool}: ${JSON.stringify(plan.steps)}`);
      assert.deepEqual(plan.refusals, [], tool);
      assert.match(plan.target, /^arn:aws:iam::123456789012:/, tool);
    }
    await fails('create_user', { user_name: user, confirmed: true }, 'InvalidArgument');
  });
}

// A user is created, and deleted once the name is typed as it is.
async function oneLife() {
  person = () => ({ action: 'decline' });
  await unchanged(() => fails('create_user', { user_name: user }, 'Declined'));
  person = () => ({ action: 'accept', content: { confirm: false } });
  await unchanged(() => fails('create_user', { user_name: user }, 'Declined'));
  person = ({ message, requestedSchema }) => {
    for (const part of [user, '123456789012', ':user/nhiscan-admin', 'create_user']) assert.ok(message.includes(part), message);
    assert.equal(requestedSchema.properties.confirm.type, 'boolean');
    return { action: 'accept', content: { confirm: true } };
  };
  assert.deepEqual(await changed(async () => {
    const made = await good('create_user', { user_name: user });
    assert.equal(made.status, 'done');
    assert.equal(made.created.arn, `arn:aws:iam::123456789012:user/${user}`);
  }), ['CreateUser']);
  assert.equal((await good('get_user', { user_name: user })).user.name, user);
  person = () => ({ action: 'accept', content: { confirm: true } });
  await unchanged(() => fails('create_user', { user_name: user }, 'EntityAlreadyExists'));
  await good('put_user_policy', { ...all.put_user_policy, user_name: user });

  await unchanged(async () => {
    await fails('delete_user', { user_name: user }, 'DeleteConflict');
    person = () => { throw new Error('the window was closed'); };
    await client.use('delete_user', { user_name: user, force: true }).then((answer) => assert.equal(answer.isError, true), () => {});
    for (const [answer, code] of [
      [{ action: 'decline' }, 'Declined'],
      [{ action: 'cancel' }, 'Declined'],
      [{ action: 'accept', content: { name: user.toUpperCase() } }, 'Refused'],
      [{ action: 'accept', content: { name: `${user} ` } }, 'Refused'],
      [{ action: 'accept', content: { name: 'yes' } }, 'Refused'],
    ]) {
      const before = asked.length;
      person = () => answer;
      await fails('delete_user', { user_name: user, force: true }, code);
      assert.equal(asked.length, before + 1, 'a person is asked once');
    }
  });
  person = ({ message, requestedSchema }) => {
    assert.match(message, /cannot be undone/);
    assert.deepEqual(requestedSchema.required, ['name']);
    return { action: 'accept', content: { name: user } };
  };
  assert.deepEqual(await changed(async () => {
    assert.equal((await good('delete_user', { user_name: user, force: true })).status, 'done');
  }), ['DeleteUserPolicy', 'DeleteUser']);
  await fails('get_user', { user_name: user }, 'NoSuchEntity');
  await unchanged(() => fails('delete_user', { user_name: user, force: true }, 'NoSuchEntity'));
}

// A client that cannot ask anybody changes nothing; it can look.
async function nobodyThere() {
  const alone = await connect(kind, target);
  await unchanged(async () => {
    for (const tool of ['create_user', 'delete_user', 'attach_user_policy']) {
      assert.match((await fails(tool, all[tool], 'Refused', alone)).hint, /elicitation/);
    }
    assert.equal((await alone.use('delete_user', { ...all.delete_user, preview: true })).structuredContent.status, 'preview');
  });
  await finish(alone);
}

async function refusedByMeaning() {
  person = () => assert.fail('what is refused is not asked');
  const administrator = { user_name: 'plain', policy_arn: 'arn:aws:iam::aws:policy/AdministratorAccess' };
  await unchanged(async () => {
    assert.match((await fails('attach_user_policy', administrator, 'Refused')).hint, /--allow-privileged-grants/);
    assert.equal((await good('attach_user_policy', { ...administrator, preview: true })).refusals[0].code, 'makes-admin');
  });
}
