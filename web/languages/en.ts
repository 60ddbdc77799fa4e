/** The texts of `<recover-user-form>`. */
export const form = {
  title: 'Recover your account',
  introduction:
    'Enter your email address. If there is an account for it, we’ll email you a link to sign in again.',
  addressLabel: 'Email address',
  submit: 'Send the link',
  sending: 'Sending…',
  invalidAddress: 'Enter a valid email address, for example jane@example.com.',
  captcha: 'One more step: please confirm that you are human.',
  captchaFailed: 'We couldn’t verify that you’re human. Please try again.',
  captchaUnavailable: 'We couldn’t display the CAPTCHA. Please try again.',
  sentTitle: 'Check your inbox',
  sentMessage:
    'If an account exists for {address}, an email with a recovery link is on its way. It may take a few minutes. Please check your spam folder, too.',
  sentRecentlyMessage:
    'If an account exists for {address}, we sent a link a moment ago. Please use that one. It may take a few minutes. Please check your spam folder, too.',
  resend: 'Send again',
  otherAddress: 'Use another address',
  waitTitle: 'Too many requests',
  waitMessage: 'There were too many requests from your network.',
  unavailableTitle: 'Not available right now',
  unavailableMessage: 'Account recovery is not available at the moment.',
  offlineTitle: 'No connection',
  offlineMessage: 'The service could not be reached. Please check your connection and try again.',
  failedTitle: 'Something went wrong',
  failedMessage: 'This is not your fault. Please try again.',
  reference: 'If this keeps happening, give support this reference: {number}',
  retry: 'Try again',
  countdown: 'You can try again in {time}.',
  countdownOver: 'You can try again now.',
  backToSignIn: 'Back to sign-in',
  support: 'Need help? Contact support',
};

/** The texts of `<complete-recovery>`. */
export const completion = {
  title: 'Set up this device',
  introduction:
    'You opened a recovery link. Continue to set up this device for sign-in. If you did not request the link, close this page: nothing has happened.',
  confirm: 'Set up this device',
  registering: 'Setting up…',
  registeringMessage: 'Your device may ask for your fingerprint, your face or a PIN.',
  cancel: 'Cancel',
  doneTitle: 'Your device is set up',
  doneMessage: 'Taking you to sign-in…',
  signIn: 'Sign in',
  expiredTitle: 'This link has expired',
  expiredMessage: 'A recovery link is valid for a short time only. Please request a new one.',
  usedTitle: 'This link has already been used',
  usedMessage:
    'If you did not use it yourself, someone else may have set up a device for your account. Contact support before you do anything else.',
  usedSignIn: 'I used it myself: sign in',
  invalidTitle: 'This link no longer works',
  invalidMessage:
    'It has expired, has been replaced by a newer one, or has already been used. If someone else may have used it, contact support. Otherwise, request a new link.',
  malformedTitle: 'This link is incomplete',
  malformedMessage: 'Please open the link in the email again, or request a new one.',
  cancelledTitle: 'Not set up yet',
  cancelledMessage: 'Setup was canceled. You can try again.',
  offlineTitle: 'No connection',
  offlineMessage: 'The sign-in service could not be reached. Please check your connection and try again.',
  noAuthenticatorTitle: 'This device cannot be set up yet',
  noAuthenticatorMessage:
    'It has no fingerprint, face or PIN unlock to sign in with. Turn on a screen lock, use a security key, or open the link on another device.',
  failedTitle: 'Something went wrong',
  failedMessage: 'The device could not be set up. Please try again.',
  retry: 'Try again',
  newLink: 'Request a new link',
  backToSignIn: 'Back to sign-in',
  support: 'Need help? Contact support',
  notYou: 'Not you? Contact support',
  contactSupport: 'Contact support',
};
