/** SQS refuses a request: in the words of its JSON protocol, and with the code of the query protocol before it. */
export class SqsRefusal extends Error {
  override readonly name = 'SqsRefusal';
  /** Such as `com.amazonaws.sqs#QueueDoesNotExist`. */
  readonly type: string;
  /** Such as `AWS.SimpleQueueService.NonExistentQueue`. */
  readonly queryCode: string;
  readonly status: number;

  constructor(type: string, queryCode: string, status: number, message: string) {
    super(message);
    this.type = type;
    this.queryCode = queryCode;
    this.status = status;
  }
}

/** Errors that every AWS service knows, and those of SQS's own model. */
const COMMON = 'com.amazon.coral.service#';
const OWN = 'com.amazonaws.sqs#';

export function internalFailure(): SqsRefusal {
  const message = 'An error occurred on the server side.';
  return new SqsRefusal(`${COMMON}InternalFailure`, 'InternalFailure', 500, message);
}

export function accessDenied(operation: string): SqsRefusal {
  const message = `Not authorized to perform: sqs:${operation}`;
  return new SqsRefusal(`${COMMON}AccessDeniedException`, 'AccessDenied', 403, message);
}

export function throttled(): SqsRefusal {
  return new SqsRefusal(`${OWN}RequestThrottled`, 'RequestThrottled', 403, 'Rate exceeded');
}

export function missingSignature(): SqsRefusal {
  return new SqsRefusal(
    `${COMMON}MissingAuthenticationTokenException`,
    'MissingAuthenticationToken',
    403,
    'Request is missing Authentication Token',
  );
}

export function unknownOperation(operation: string): SqsRefusal {
  const message = `This stand-in does not know ${operation}.`;
  return new SqsRefusal(`${COMMON}UnknownOperationException`, 'InvalidAction', 400, message);
}

export function unknownQueue(): SqsRefusal {
  return new SqsRefusal(
    `${OWN}QueueDoesNotExist`,
    'AWS.SimpleQueueService.NonExistentQueue',
    400,
    'The specified queue does not exist.',
  );
}

export function invalidValue(message: string): SqsRefusal {
  return new SqsRefusal(`${COMMON}InvalidParameterValueException`, 'InvalidParameterValue', 400, message);
}

export function invalidHandle(): SqsRefusal {
  return new SqsRefusal(
    `${OWN}ReceiptHandleIsInvalid`,
    'ReceiptHandleIsInvalid',
    404,
    'The input receipt handle is invalid.',
  );
}

export function notInFlight(): SqsRefusal {
  return new SqsRefusal(
    `${OWN}MessageNotInflight`,
    'AWS.SimpleQueueService.MessageNotInflight',
    400,
    'The message is not in flight.',
  );
}
