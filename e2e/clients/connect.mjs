// One way to talk to a server through each of the clients that others wrote:
//
//   v1         @modelcontextprotocol/sdk, MCP 2025-11-25
//   v2-legacy  @modelcontextprotocol/client, the same revision
//   v2-modern  @modelcontextprotocol/client, MCP 2026-07-28
//
// A target is the URL of an endpoint, or a command and its arguments. TOKEN in the
// environment is the bearer token for an endpoint.
import { Client as V1Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as V1Stdio } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport as V1HTTP } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { Client as V2Client, StreamableHTTPClientTransport as V2HTTP } from '@modelcontextprotocol/client';
import { StdioClientTransport as V2Stdio } from '@modelcontextprotocol/client/stdio';

const info = { name: 'nhiscan-e2e', version: '1.0.0' };

const kinds = {
  v1: {
    client: (options) => new V1Client(info, options),
    stdio: V1Stdio,
    http: V1HTTP,
    question: ElicitRequestSchema,
    call: (client, params, options) => client.callTool(params, undefined, options),
  },
  'v2-legacy': {
    client: (options) => new V2Client(info, { ...options, versionNegotiation: { mode: 'legacy' } }),
    stdio: V2Stdio,
    http: V2HTTP,
    question: 'elicitation/create',
    call: (client, params, options) => client.callTool(params, options),
  },
  'v2-modern': {
    client: (options) => new V2Client(info, { ...options, versionNegotiation: { mode: { pin: '2026-07-28' } } }),
    stdio: V2Stdio,
    http: V2HTTP,
    question: 'elicitation/create',
    call: (client, params, options) => client.callTool(params, options),
  },
};

// watch keeps what comes in, in order: the clients give up a progress notification
// that arrives in one piece with the result.
function watch(client, transport) {
  client.wire = [];
  const deliver = transport.onmessage;
  transport.onmessage = (message, extra) => {
    client.wire.push(message);
    deliver(message, extra);
  };
}

// connect returns a connected client with two more methods: use calls a tool, and
// alive asks for something that costs nothing, which before 2026-07-28 was ping. With
// person the client can ask somebody: person gets the question and returns the answer.
export async function connect(name, target, person) {
  const kind = kinds[name];
  if (!kind || target.length === 0) {
    throw new Error(`usage: ${Object.keys(kinds).join('|')} URL | COMMAND ARGUMENT...`);
  }
  const [first, ...rest] = target;
  const token = process.env.TOKEN;
  const transport = /^https?:/.test(first)
    ? new kind.http(new URL(first), token && { requestInit: { headers: { Authorization: `Bearer ${token}` } } })
    : new kind.stdio({ command: first, args: rest, env: process.env, stderr: 'inherit' });
  const client = kind.client(person && { capabilities: { elicitation: { form: {} } } });
  if (person) client.setRequestHandler(kind.question, async ({ params }) => person(params));
  client.onerror = (error) => {
    if (!client.closing && !error.message.includes('unknown token')) console.error(`client error: ${error.message}`);
  };
  await client.connect(transport);
  watch(client, transport);
  client.modern = name === 'v2-modern';
  client.use = (tool, args, options) => kind.call(client, { name: tool, arguments: args ?? {} }, options);
  client.alive = () => (client.modern ? client.listTools() : client.ping());
  return client;
}

export async function finish(client) {
  client.closing = true;
  await client.close();
}
