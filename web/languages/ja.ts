import type { CompletionTexts, FormTexts } from './texts.ts';

/** The texts of `<recover-user-form>`. */
export const form: FormTexts = {
  title: 'アカウントの復旧',
  introduction:
    'メールアドレスを入力してください。アカウントがある場合は、再びサインインするためのリンクをメールでお送りします。',
  addressLabel: 'メールアドレス',
  submit: 'リンクを送信',
  sending: '送信しています…',
  invalidAddress: '有効なメールアドレスを入力してください（例：hanako@example.com）。',
  captcha: 'もう一つだけ：人間であることを確認してください。',
  captchaFailed: '人間であることを確認できませんでした。もう一度お試しください。',
  captchaUnavailable: 'CAPTCHA を表示できませんでした。もう一度お試しください。',
  sentTitle: '受信トレイをご確認ください',
  sentMessage:
    '{address} のアカウントがある場合は、復旧用リンクを記載したメールをお送りしました。届くまで数分かかることや、迷惑メールに入ることがあります。',
  resend: 'もう一度送信',
  otherAddress: '別のアドレスを使う',
  waitTitle: 'リクエストが多すぎます',
  waitMessage: 'お使いのネットワークからのリクエストが多すぎます。',
  unavailableTitle: '現在ご利用いただけません',
  unavailableMessage: '復旧は現在ご利用いただけません。',
  offlineTitle: '接続できません',
  offlineMessage: 'サービスに接続できませんでした。接続を確認して、もう一度お試しください。',
  failedTitle: '問題が発生しました',
  failedMessage: 'お客様の操作によるものではありません。もう一度お試しください。',
  reference: '続く場合は、この参照番号をサポートにお知らせください：{number}',
  retry: 'もう一度試す',
  countdown: 'あと{time}で再試行できます。',
  countdownOver: '再試行できます。',
  sentRecentlyMessage:
    'If an account exists for {address}, we sent a link a moment ago. Please use that one.',
  backToSignIn: 'Back to sign-in',
  support: 'Need help? Contact support',
};

/** The texts of `<complete-recovery>`. */
export const completion: CompletionTexts = {
  title: 'このデバイスを設定',
  introduction:
    '復旧用リンクが開かれました。続けると、このデバイスでサインインできるようになります。心当たりがない場合は、このページを閉じてください。まだ何も行われていません。',
  confirm: 'このデバイスを設定する',
  registering: '設定しています…',
  registeringMessage: '指紋、顔、または PIN を求められることがあります。',
  doneTitle: 'デバイスを設定しました',
  doneMessage: 'サインインに移動しています…',
  signIn: 'サインイン',
  expiredTitle: 'リンクの有効期限が切れています',
  expiredMessage: 'リンクが使えるのは短い間だけです。新しいリンクを請求してください。',
  usedTitle: 'This link has already been used',
  usedMessage:
    'If you did not use it yourself, someone else may have set up a device for your account. Contact support before you do anything else.',
  malformedTitle: 'リンクが不完全です',
  malformedMessage: 'メールのリンクをもう一度開くか、新しいリンクを請求してください。',
  cancelledTitle: 'まだ設定されていません',
  cancelledMessage: '設定はキャンセルされました。リンクはまだ使えますので、もう一度お試しください。',
  failedTitle: '問題が発生しました',
  failedMessage: 'デバイスを設定できませんでした。もう一度お試しください。',
  retry: 'もう一度試す',
  newLink: '新しいリンクを請求する',
  cancel: 'Cancel',
  usedSignIn: 'I used it myself: sign in',
  invalidTitle: 'This link no longer works',
  invalidMessage:
    'It has expired, was replaced, or has been used. If someone else may have used it, contact support. Otherwise, request a new link.',
  offlineTitle: 'No connection',
  offlineMessage: 'The sign-in service could not be reached. Please check your connection and try again.',
  noAuthenticatorTitle: 'This device cannot be set up yet',
  noAuthenticatorMessage:
    'It has no fingerprint reader, face recognition or PIN for sign-in. Set up a screen lock, use a security key, or open the link on another device.',
  backToSignIn: 'Back to sign-in',
  support: 'Not you? Contact support',
  contactSupport: 'Contact support',
};
