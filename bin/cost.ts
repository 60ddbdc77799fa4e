import {
  admittedFloodDollars,
  blockedFloodDollars,
  type Delivery,
  idleDollars,
  monthDollars,
  PRICES,
  requestCosts,
} from './cost-model.ts';

const DELIVERIES: readonly Delivery[] = ['direct', 'queued'];

/** The defaults of `throttleRequestsPerSecond` and the flood that the tables reckon with. */
const THROTTLE_REQUESTS_PER_SECOND = 50;
const BLOCKED_REQUESTS = 10_000_000;

const USAGE = `Prints the tables of docs/cost.md.

  npm run --silent cost`;

/** The tables, as they are committed in docs/cost.md. */
function tables(): string {
  return [
    table(
      ['a month', ...DELIVERIES.map((delivery) => `\`${delivery}\``)],
      [
        ['idle', ...DELIVERIES.map(() => dollars(idleDollars()))],
        ...([10_000, 1_000_000, 10_000_000] as const).map((requests) => [
          `${requests.toLocaleString('en-US')} requests`,
          ...DELIVERIES.map((delivery) => dollars(monthDollars(requests, delivery))),
        ]),
      ],
    ),
    table(
      ['a million requests', ...DELIVERIES.flatMap((delivery) => [`\`${delivery}\`, each uses`, 'costs'])],
      [...perMillion(), ['X-Ray, 1 a second and 5 % of the rest', ...tracesPerMillion()]],
    ),
    table(
      ['an attack', ...DELIVERIES.map((delivery) => `\`${delivery}\``)],
      [
        [
          `${BLOCKED_REQUESTS.toLocaleString('en-US')} requests that WAF blocks`,
          ...DELIVERIES.map(() => dollars(blockedFloodDollars(BLOCKED_REQUESTS))),
        ],
        ...([1, 24] as const).map((hours) => [
          `${THROTTLE_REQUESTS_PER_SECOND} admitted requests a second, for ${hours === 1 ? 'an hour' : 'a day'}`,
          ...DELIVERIES.map((delivery) =>
            dollars(hours * admittedFloodDollars(THROTTLE_REQUESTS_PER_SECOND, delivery)),
          ),
        ]),
      ],
    ),
    `Prices: US dollars, us-east-1, ${PRICES.asOf}.`,
  ].join('\n\n');
}

function perMillion(): string[][] {
  const [direct, queued] = [requestCosts('direct'), requestCosts('queued')];
  return direct.map((cost, row) => {
    const other = queued[row];
    return [
      cost.item,
      cost.usage,
      dollars(1e6 * cost.dollars),
      other?.usage ?? '',
      dollars(1e6 * (other?.dollars ?? 0)),
    ];
  });
}

function tracesPerMillion(): string[] {
  return DELIVERIES.flatMap(() => ['at most 1 trace', dollars(1e6 * PRICES.trace)]);
}

function table(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    line(heading),
    line(heading.map((_, column) => (column === 0 ? '---' : '---:'))),
    ...rows.map(line),
  ].join('\n');
}

function dollars(amount: number): string {
  return `$${amount.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
}

console.log(process.argv.includes('--help') ? USAGE : tables());
