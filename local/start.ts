import { banner } from './banner.ts';
import { type LocalSettings, readLocalSettings } from './settings.ts';
import { type Simulation, startSimulation } from './simulation.ts';

/** Development servers whose pages may call the endpoint too: those of Vite and of webpack. */
const FRONT_END_ORIGINS = ['http://localhost:5173', 'http://localhost:8080'];

let simulation: Simulation | undefined;
let ending = false;

// Never removed: npm passes on a Ctrl-C that the terminal has already sent to the whole process group.
process.on('SIGINT', end);
process.on('SIGTERM', end);
// Whoever read the output may leave first, as in `npm start | head`.
process.stdout.on('error', () => {});

const settings = readLocalSettings(process.env);
if ('problem' in settings) giveUp(settings.problem);
else await start(settings).catch((error) => giveUp(explain(error)));

async function start({ port, host }: LocalSettings): Promise<void> {
  simulation = await startSimulation({
    port,
    host,
    environment: {
      RESPONSE_TIME_MS: process.env['RESPONSE_TIME_MS'],
      MAILBOX_COOLDOWN_SECONDS: process.env['MAILBOX_COOLDOWN_SECONDS'],
      MAILBOX_ATTEMPTS_PER_DAY: process.env['MAILBOX_ATTEMPTS_PER_DAY'],
    },
    allowedOrigins: FRONT_END_ORIGINS,
    onFailure: reportFailure,
  });
  console.log(banner(simulation));
}

/** Says where the handler failed; not the error's message, which may quote what the caller sent. */
function reportFailure(error: unknown): void {
  const frames = error instanceof Error ? (error.stack ?? '').match(/^ {4}at .*$/gm) : null;
  console.error(['The handler failed:', ...(frames ?? [])].join('\n'));
}

function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? error.code : undefined;
  const port = 'port' in error ? error.port : undefined;
  switch (code) {
    case 'EADDRINUSE':
      return `Port ${port} is in use. Choose the first of five other ports, for example: PORT=4000 npm start`;
    case 'EACCES':
      return `Port ${port} may not be opened. Choose the first of five other ports, for example: PORT=4000 npm start`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return 'HOST is not an address of this machine. For example: HOST=127.0.0.1 npm start';
    default:
      return error.message;
  }
}

function giveUp(problem: string): void {
  console.error(problem);
  process.exit(1);
}

async function end(): Promise<void> {
  if (ending) return;
  ending = true;
  await simulation?.close();
  process.exit(0);
}
