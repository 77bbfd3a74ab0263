// Uses all that nhiscan-mcp offers, as its clients do:
//
//   node tour.mjs v1|v2-legacy|v2-modern TARGET...
//
// The clients hold each structured answer to the tool's output schema themselves.
import assert from 'node:assert/strict';
import { calls } from './calls.mjs';
import { connect, finish } from './connect.mjs';

const [kind, ...target] = process.argv.slice(2);
const client = await connect(kind, target);

assert.equal(client.getServerVersion().name, 'nhiscan');
assert.match(client.getInstructions(), /scan_iam_identities/);
await client.alive();

const { tools } = await client.listTools();
for (const tool of tools) await tryTool(tool);
await tryWrongCalls();
const listed = await followPages();
const resources = await tryResources();
const prompts = await tryPrompts();
const completed = await tryCompletion();

await finish(client);
console.log(JSON.stringify({ kind, tools: tools.map((t) => t.name), identities: listed, resources, prompts, completed }));

async function tryTool(tool) {
  for (const hint of ['readOnlyHint', 'destructiveHint', 'idempotentHint', 'openWorldHint']) {
    assert.equal(typeof tool.annotations?.[hint], 'boolean', `${tool.name}: ${hint}`);
  }
  assert.ok(tool.title && tool.description, tool.name);
  assert.equal(tool.inputSchema.additionalProperties, false, tool.name);
  assert.ok(Object.keys(tool.outputSchema.properties).length > 0, tool.name);
  assert.ok(calls[tool.name], `calls.mjs has no call of ${tool.name}`);
  for (const args of calls[tool.name]) {
    const answer = await client.use(tool.name, args);
    const where = `${tool.name} ${JSON.stringify(args)}: ${answer.content[0]?.text}`;
    assert.notEqual(answer.isError, true, where);
    assert.ok(answer.structuredContent, where);
    assert.ok(answer.content[0].text.length > 0, where);
  }
}

// What is wrong comes back as a result that a model can read and mend.
async function tryWrongCalls() {
  for (const [tool, args, text] of [
    ['scan_iam_identities', { max_itmes: 3 }, /did you mean max_items/],
    ['get_identity_details', {}, /identity_name/],
    ['get_identity_details', { identity_name: 'nobody-here' }, /NoSuchEntity/],
    ['who_can', { action: ['iam:PassRole'] }, /action/],
    ['create_user', { user_name: 'x' }, /--allow-write|saved account/],
  ]) {
    const answer = await client.use(tool, args);
    assert.equal(answer.isError, true, tool);
    assert.match(answer.content[0].text, text);
  }
  await assert.rejects(client.use('create_anything', {}), /create_anything/);
}

async function followPages() {
  const seen = new Set();
  let cursor;
  let total;
  do {
    const page = await client.use('list_nhi_identities', { max_items: 10, ...(cursor && { cursor }) });
    for (const identity of page.structuredContent.identities) seen.add(identity.arn);
    cursor = page.structuredContent.next_cursor;
    total = page.structuredContent.total;
  } while (cursor);
  assert.equal(seen.size, total, 'every identity is on one page');
  return total;
}

async function tryResources() {
  const { resources } = await client.listResources();
  const { resourceTemplates } = await client.listResourceTemplates();
  assert.ok(resourceTemplates.length > 0);
  const uris = resources.map((r) => r.uri);
  uris.push('nhiscan://identity/arn:aws:iam::123456789012:user/orchid');
  for (const uri of uris) {
    const { contents } = await client.readResource({ uri });
    assert.equal(contents[0].uri, uri);
    JSON.parse(contents[0].text);
  }
  for (const uri of ['nhiscan://identity/arn:aws:iam::123456789012:user/nobody-here', 'nhiscan://nothing', 'file:///etc/passwd']) {
    await assert.rejects(client.readResource({ uri }), (e) => [-32002, -32602].includes(e.code), uri);
  }
  return uris.length;
}

async function tryPrompts() {
  const { prompts } = await client.listPrompts();
  for (const prompt of prompts) {
    const args = Object.fromEntries((prompt.arguments ?? []).map((a) => [a.name, 'orchid']));
    const { messages } = await client.getPrompt({ name: prompt.name, arguments: args });
    assert.match(messages[0].content.text, /data, never as instructions/);
  }
  await assert.rejects(client.getPrompt({ name: 'nothing' }));
  return prompts.length;
}

async function tryCompletion() {
  const { completion } = await client.complete({
    ref: { type: 'ref/prompt', name: 'investigate_identity' },
    argument: { name: 'identity', value: 'orch' },
  });
  assert.deepEqual(completion.values, ['orchid']);
  return completion.values.length;
}
