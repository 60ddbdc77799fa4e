import { withTimeLimit } from '../../../web/register-credential/time-limit.ts';
import { VENDOR_WORKER_PATH } from '../../paths.ts';

const CONTROL_TIMEOUT_MS = 10_000;

/**
 * Has a service worker intercept this page's calls to the vendor's servers, which it sends to the simulated tenant. Resolves once no such call can
 * leave this machine, and rejects if that cannot be achieved: the vendor's SDK must not start before.
 */
export async function interceptVendorCalls(): Promise<void> {
  // missing in private windows of some browsers
  const workers: ServiceWorkerContainer | undefined = navigator.serviceWorker;
  if (workers === undefined) throw new Error('The simulation of the v1 platform needs service workers.');
  await workers.register(VENDOR_WORKER_PATH);
  const { active } = await workers.ready;
  const controlled = new Promise<void>((resolve) => {
    const check = () => {
      if (isOurs(workers.controller)) resolve();
    };
    workers.addEventListener('controllerchange', check);
    check();
  });
  if (!isOurs(workers.controller)) active?.postMessage('claim');
  await withTimeLimit(controlled, CONTROL_TIMEOUT_MS);
}

/** Removes the service worker, so that it stays out of the way of whatever uses this origin next. */
export async function stopIntercepting(): Promise<void> {
  const registration = await navigator.serviceWorker.getRegistration();
  await registration?.unregister();
}

function isOurs(worker: ServiceWorker | null): boolean {
  return worker !== null && new URL(worker.scriptURL).pathname === VENDOR_WORKER_PATH;
}
