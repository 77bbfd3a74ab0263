// Calls that take long, behind an AWS that a gate holds back:
//
//   GATE=http://host:port node long.mjs v1|v2-legacy|v2-modern TARGET...
//
// The gate answers /gate/hold, /gate/release and /gate/waiting, which counts the
// requests that it holds.
import assert from 'node:assert/strict';
import { connect, finish } from './connect.mjs';

const [kind, ...target] = process.argv.slice(2);
const gate = async (what) => (await fetch(`${process.env.GATE}/gate/${what}`, { method: 'POST' })).text();
const client = await connect(kind, target);
const scan = (options) => client.use('scan_iam_identities', { refresh: true, max_items: 1 }, { timeout: 120_000, ...options });

const notices = await progressInOrder();
await othersAreAnswered();
await cancellationReachesAWS();
await finish(client);
console.log(JSON.stringify({ kind, notices }));

async function progressInOrder() {
  let seen = 0;
  const begin = client.wire.length;
  const answer = await scan({ onprogress: () => { seen++; } });
  assert.notEqual(answer.isError, true, answer.content[0].text);
  await client.alive(); // whatever was sent late has come before the answer to this
  const came = client.wire.slice(begin);
  const steps = came.filter((m) => m.method === 'notifications/progress').map((m) => m.params.progress);
  assert.ok(steps.length >= 3 && seen > 0, `${steps.length} notices of progress, ${seen} seen`);
  for (let i = 1; i < steps.length; i++) assert.ok(steps[i] > steps[i - 1], `progress goes back: ${steps}`);
  const result = came.findIndex((m) => m.result?.structuredContent);
  assert.ok(came.findLastIndex((m) => m.method === 'notifications/progress') < result, 'progress after the result');
  return steps.length;
}

async function othersAreAnswered() {
  await gate('hold');
  let over = false;
  const long = scan().finally(() => { over = true; });
  await held((n) => n > 0);
  await client.alive();
  const lint = await client.use('lint_policy', { policy_document: '{}' });
  assert.ok(lint.structuredContent);
  assert.equal(over, false);
  await gate('release');
  assert.notEqual((await long).isError, true);
}

async function cancellationReachesAWS() {
  await gate('hold');
  const abort = new AbortController();
  const long = scan({ signal: abort.signal });
  await held((n) => n > 0);
  abort.abort('not needed any more');
  await assert.rejects(long);
  await held((n) => n === 0);
  await gate('release');
  await client.alive();
  assert.notEqual((await scan()).isError, true, 'the next call works');
}

async function held(enough) {
  while (!enough(Number(await gate('waiting')))) await new Promise((done) => setTimeout(done, 5));
}
