import type { CompletionTexts, FormTexts } from './texts.ts';

/** The texts of `<recover-user-form>`. */
export const form: FormTexts = {
  title: 'アカウントの復旧',
  introduction:
    'メールアドレスを入力してください。該当するアカウントがある場合は、再びサインインするためのリンクをメールでお送りします。',
  addressLabel: 'メールアドレス',
  submit: 'リンクを送信',
  sending: '送信しています…',
  invalidAddress: '有効なメールアドレスを入力してください（例：hanako@example.com）。',
  captcha: 'あと少しです。ロボットではないことの確認をお願いします。',
  captchaFailed: 'ロボットではないことを確認できませんでした。もう一度お試しください。',
  captchaUnavailable: 'CAPTCHA を表示できませんでした。もう一度お試しください。',
  sentTitle: '受信トレイをご確認ください',
  sentMessage:
    '{address} のアカウントがある場合は、リンクを記載したメールをお送りしています。届くまで数分かかることがあります。迷惑メールフォルダーもご確認ください。',
  sentRecentlyMessage:
    '{address} のアカウントがある場合は、先ほどリンクをお送りしました。そのリンクをお使いください。届くまで数分かかることがあります。迷惑メールフォルダーもご確認ください。',
  resend: '再送信',
  otherAddress: '別のアドレスを使う',
  waitTitle: 'リクエストが多すぎます',
  waitMessage: 'お使いのネットワークからのリクエストが多すぎます。',
  unavailableTitle: '現在ご利用いただけません',
  unavailableMessage: 'アカウントの復旧は現在ご利用いただけません。',
  offlineTitle: '接続できません',
  offlineMessage:
    'サービスに接続できませんでした。インターネット接続をご確認のうえ、もう一度お試しください。',
  failedTitle: '問題が発生しました',
  failedMessage: 'お客様の操作が原因ではありません。もう一度お試しください。',
  reference: '問題が続く場合は、次の参照番号をサポートにお知らせください：{number}',
  retry: 'もう一度試す',
  countdown: 'あと {time}でもう一度お試しいただけます。',
  countdownOver: 'もう一度お試しいただけます。',
  backToSignIn: 'サインインに戻る',
  support: 'お困りの場合はサポートに問い合わせる',
};

/** The texts of `<complete-recovery>`. */
export const completion: CompletionTexts = {
  title: 'このデバイスを設定',
  introduction:
    '復旧用リンクが開かれました。続行すると、このデバイスをサインインに使えるように設定します。リンクを依頼した覚えがない場合は、このページを閉じてください。まだ何も行われていません。',
  confirm: 'このデバイスを設定する',
  registering: '設定しています…',
  registeringMessage: 'デバイスで指紋、顔、または PIN の入力を求められることがあります。',
  cancel: 'キャンセル',
  doneTitle: 'デバイスの設定が完了しました',
  doneMessage: 'サインインページに移動しています…',
  signIn: 'サインイン',
  expiredTitle: 'リンクの有効期限が切れています',
  expiredMessage: '復旧用リンクは短時間のみ有効です。リンクの再送信を依頼してください。',
  usedTitle: 'このリンクはすでに使用されています',
  usedMessage:
    'ご自身で使用していない場合は、第三者がお客様のアカウントにデバイスを設定した可能性があります。他の操作を行う前に、サポートにお問い合わせください。',
  usedSignIn: '自分で使用したのでサインインする',
  invalidTitle: 'このリンクは無効になりました',
  invalidMessage:
    '有効期限が切れたか、新しいリンクに置き換えられたか、すでに使用されています。第三者が使用した可能性がある場合は、サポートにお問い合わせください。それ以外の場合は、リンクの再送信を依頼してください。',
  malformedTitle: 'リンクが不完全です',
  malformedMessage: 'メールのリンクをもう一度開くか、リンクの再送信を依頼してください。',
  cancelledTitle: 'まだ設定されていません',
  cancelledMessage: '設定はキャンセルされました。もう一度お試しいただけます。',
  offlineTitle: '接続できません',
  offlineMessage:
    'サインインサービスに接続できませんでした。インターネット接続をご確認のうえ、もう一度お試しください。',
  noAuthenticatorTitle: 'このデバイスはまだ設定できません',
  noAuthenticatorMessage:
    'サインインに使える指紋認証、顔認証、PIN がありません。画面ロックを設定するか、セキュリティキーを使用するか、別のデバイスでリンクを開いてください。',
  failedTitle: '問題が発生しました',
  failedMessage: 'デバイスを設定できませんでした。もう一度お試しください。',
  retry: 'もう一度試す',
  newLink: 'リンクの再送信を依頼する',
  backToSignIn: 'サインインに戻る',
  support: 'お困りの場合はサポートに問い合わせる',
  notYou: '心当たりがない場合はサポートに問い合わせる',
  contactSupport: 'サポートに問い合わせる',
};
