import type { ServerResponse } from 'node:http';
import type { V1Request } from './messages.ts';
import type { OperationName } from './operation-names.ts';

/** A call that the tenant received. */
export interface ReceivedV1Request extends V1Request {
  /** `undefined` for a path or method that no operation has. */
  readonly operation: OperationName | undefined;
  /** Status of the response; `undefined` while there is none. */
  readonly responseStatus: number | undefined;
  /** Whether an email was sent for it. */
  readonly isMailed: boolean;
  /** Whether either side closed the connection before the complete response was sent. */
  readonly isResponseLost: boolean;
}

/** A call whose email is yet to be noted. */
export type RecordedCall = ReceivedV1Request & { isMailed: boolean };

/** Describes a call; the status of its response appears in the description once it is sent. */
export function recordCall(
  request: V1Request,
  operation: OperationName | undefined,
  response: ServerResponse,
): RecordedCall {
  return {
    ...request,
    operation,
    get responseStatus() {
      return response.headersSent ? response.statusCode : undefined;
    },
    isMailed: false,
    get isResponseLost() {
      return response.closed && !response.writableFinished;
    },
  };
}
