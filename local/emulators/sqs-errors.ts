/** An error response of SQS, with the type of its JSON protocol and the code of the older query protocol. */
export class SqsError extends Error {
  override readonly name = 'SqsError';
  /** For example `com.amazonaws.sqs#QueueDoesNotExist`. */
  readonly type: string;
  /** For example `AWS.SimpleQueueService.NonExistentQueue`. */
  readonly queryCode: string;
  readonly status: number;

  constructor(type: string, queryCode: string, status: number, message: string) {
    super(message);
    this.type = type;
    this.queryCode = queryCode;
    this.status = status;
  }
}

/** Namespaces of the errors common to all AWS services, and of SQS's own. */
const COMMON = 'com.amazon.coral.service#';
const SQS = 'com.amazonaws.sqs#';

export function internalFailure(): SqsError {
  const message = 'An error occurred on the server side.';
  return new SqsError(`${COMMON}InternalFailure`, 'InternalFailure', 500, message);
}

export function accessDenied(operation: string): SqsError {
  const message = `Not authorized to perform: sqs:${operation}`;
  return new SqsError(`${COMMON}AccessDeniedException`, 'AccessDenied', 403, message);
}

export function throttled(): SqsError {
  return new SqsError(`${SQS}RequestThrottled`, 'RequestThrottled', 403, 'Rate exceeded');
}

export function missingSignature(): SqsError {
  return new SqsError(
    `${COMMON}MissingAuthenticationTokenException`,
    'MissingAuthenticationToken',
    403,
    'Request is missing Authentication Token',
  );
}

export function unknownOperation(operation: string): SqsError {
  const message = `The SQS emulator does not support ${operation}.`;
  return new SqsError(`${COMMON}UnknownOperationException`, 'InvalidAction', 400, message);
}

export function unknownQueue(): SqsError {
  return new SqsError(
    `${SQS}QueueDoesNotExist`,
    'AWS.SimpleQueueService.NonExistentQueue',
    400,
    'The specified queue does not exist.',
  );
}

export function invalidValue(message: string): SqsError {
  return new SqsError(`${COMMON}InvalidParameterValueException`, 'InvalidParameterValue', 400, message);
}

export function invalidHandle(): SqsError {
  return new SqsError(
    `${SQS}ReceiptHandleIsInvalid`,
    'ReceiptHandleIsInvalid',
    404,
    'The input receipt handle is invalid.',
  );
}

export function notInFlight(): SqsError {
  return new SqsError(
    `${SQS}MessageNotInflight`,
    'AWS.SimpleQueueService.MessageNotInflight',
    400,
    'The message is not in flight.',
  );
}
