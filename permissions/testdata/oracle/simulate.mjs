// Reads one simulation a line from standard input and answers each with one line,
// in order. With --time it runs all of them once to warm up, then once more
// against the clock, and prints a single line.
import { createInterface } from 'node:readline'
import { runSimulation } from '@cloud-copilot/iam-simulate'

const layers = {
  identity: 'identityAnalysis',
  'permissions-boundary': 'permissionBoundaryAnalysis',
  session: 'sessionAnalysis',
  resource: 'resourceAnalysis',
  'service-control': 'scpAnalysis',
  'resource-control': 'rcpAnalysis'
}

// statements names those that applied, as policy#number.
function statements(analysis, kind) {
  const levels = analysis?.ouAnalysis ?? (analysis ? [analysis] : [])
  return levels.flatMap((level) => level[kind] ?? []).map((s) => `${s.policyId ?? ''}#${s.explain.identifier}`)
}

async function answer(simulation) {
  let response
  try {
    response = await runSimulation(simulation, {})
  } catch (error) {
    return { error: `exception: ${error.message}` }
  }
  if (response.resultType === 'error') return { error: JSON.stringify(response.errors) }
  if (response.resultType !== 'single') return { error: `result of type ${response.resultType}` }
  const { analysis, ignoredContextKeys } = response.result
  const found = { result: response.overallResult, ignored: ignoredContextKeys ?? [], blockedBy: analysis.blockedBy ?? [], layers: {} }
  for (const [name, field] of Object.entries(layers)) {
    if (!analysis[field]) continue
    found.layers[name] = {
      result: analysis[field].result,
      allows: statements(analysis[field], 'allowStatements'),
      denies: statements(analysis[field], 'denyStatements')
    }
  }
  return found
}

async function time(simulations) {
  for (const simulation of simulations) await runSimulation(simulation, {})
  const start = process.hrtime.bigint()
  for (const simulation of simulations) await runSimulation(simulation, {})
  return Number(process.hrtime.bigint() - start) / simulations.length
}

const lines = createInterface({ input: process.stdin, crlfDelay: Infinity })
if (process.argv.includes('--time')) {
  const simulations = []
  for await (const line of lines) simulations.push(JSON.parse(line))
  console.log(JSON.stringify({ simulations: simulations.length, nanoseconds: await time(simulations) }))
} else {
  let printed = Promise.resolve()
  for await (const line of lines) {
    const answered = answer(JSON.parse(line))
    printed = printed.then(async () => process.stdout.write(JSON.stringify(await answered) + '\n'))
  }
  await printed
}
