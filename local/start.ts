import { banner } from './banner.ts';
import { parseCommandLine } from './command-line.ts';
import { type LocalConfig, readLocalConfig } from './config.ts';
import type { PlatformName } from './platforms/platform.ts';
import { printReadableLog } from './readable-log.ts';
import { type Simulation, startSimulation, startV1Simulation } from './simulation.ts';

const OTHER_PORT = 'Choose the first of six other ports, for example: PORT=4000 npm start';

let simulation: Pick<Simulation, 'close'> | undefined;
let ending = false;

// Never removed: npm forwards a Ctrl+C that the terminal has already sent to the whole process group.
process.on('SIGINT', end);
process.on('SIGTERM', end);
// The reader of the output may exit first, as in `npm start | head`.
process.stdout.on('error', () => {});

const commandLine = parseCommandLine(process.argv.slice(2));
const config = readLocalConfig(process.env);
if ('help' in commandLine) console.log(commandLine.help);
else if ('problem' in commandLine) exitWith(commandLine.problem);
else if ('problems' in config) exitWith(config.problems.join('\n'));
else await start(commandLine.platform, config).catch((error) => exitWith(explain(error)));

async function start(platform: PlatformName, config: LocalConfig): Promise<void> {
  const { port, host, environment, logFormat } = config;
  if (logFormat === 'text') for (const stream of [process.stdout, process.stderr]) printReadableLog(stream);
  const options = { port, host, environment, allowsLocalOrigins: true, onFailure: reportFailure };
  const started = await (platform === 'v1' ? startV1Simulation(options) : startSimulation(options));
  simulation = started;
  console.log(banner(started, config));
}

/** Prints where the handler failed, without the error's message: it may quote the caller's input. */
function reportFailure(error: unknown): void {
  const frames = error instanceof Error ? (error.stack ?? '').match(/^ {4}at .*$/gm) : null;
  console.error(['The handler failed:', ...(frames ?? [])].join('\n'));
}

/** The reason why the simulation cannot start, and the fix. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? error.code : undefined;
  const port = 'port' in error ? error.port : undefined;
  switch (code) {
    case 'EADDRINUSE':
      return `Port ${port} is in use. ${OTHER_PORT}`;
    case 'EACCES':
      return `Port ${port} needs privileges that this user does not have. ${OTHER_PORT}`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return 'HOST must be an address of this machine. For example: HOST=127.0.0.1 npm start';
    default:
      return error.message;
  }
}

function exitWith(problem: string): void {
  console.error(problem);
  process.exit(1);
}

async function end(): Promise<void> {
  if (ending) return;
  ending = true;
  await simulation?.close();
  process.exit(0);
}
