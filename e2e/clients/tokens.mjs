// Counts what the list of tools costs a model that is shown all of it:
//
//   [LIMIT=N] node tokens.mjs TARGET...
//
// It fails above the limit; 0 is none. o200k is the vocabulary of GPT-4o and later models;
// others come to similar numbers.
import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import { connect, finish } from './connect.mjs';

const limit = Number(process.env.LIMIT ?? 12_000) || Infinity;

const client = await connect('v1', process.argv.slice(2));
const { tools } = await client.listTools();
await finish(client);

const tokens = (value) => encode(JSON.stringify(value)).length;
const without = (tool) => ({ ...tool, outputSchema: undefined });
const line = (name, value, asInput) => console.log(String(value).padStart(6), String(asInput).padStart(6), name);

line('tools/list and without output schemas', 'all', 'input');
for (const tool of [...tools].sort((a, b) => tokens(b) - tokens(a))) line(tool.name, tokens(tool), tokens(without(tool)));
const total = tokens({ tools });
line(`${tools.length} tools, limit ${limit}`, total, tokens({ tools: tools.map(without) }));
process.exitCode = total > limit ? 1 : 0;
