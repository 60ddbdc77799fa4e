import type { CompletionTexts, FormTexts } from './texts.ts';

/** The texts of `<recover-user-form>`. */
export const form: FormTexts = {
  title: '恢复您的账户',
  introduction:
    '请输入您的电子邮件地址。如果该地址有对应的账户，我们会通过电子邮件向您发送链接，以便您重新登录。',
  addressLabel: '电子邮件地址',
  submit: '发送链接',
  sending: '正在发送…',
  invalidAddress: '请输入有效的电子邮件地址，例如 xiaoming@example.com。',
  captcha: '还差一步：请确认您不是机器人。',
  captchaFailed: '无法确认您不是机器人。请重试。',
  captchaUnavailable: '无法显示 CAPTCHA 验证。请重试。',
  sentTitle: '请查看您的收件箱',
  sentMessage:
    '如果 {address} 有对应的账户，包含链接的电子邮件已在途中。邮件可能需要几分钟才能送达。也请检查垃圾邮件文件夹。',
  sentRecentlyMessage:
    '如果 {address} 有对应的账户，我们刚刚已发送链接。请使用该链接。邮件可能需要几分钟才能送达。也请检查垃圾邮件文件夹。',
  resend: '重新发送',
  otherAddress: '使用其他地址',
  waitTitle: '请求过多',
  waitMessage: '来自您所在网络的请求过多。',
  unavailableTitle: '暂时不可用',
  unavailableMessage: '账户恢复功能暂时不可用。',
  offlineTitle: '无法连接',
  offlineMessage: '无法连接到服务。请检查网络连接，然后重试。',
  failedTitle: '出现问题',
  failedMessage: '这不是您的过错。请重试。',
  reference: '如果问题仍然存在，请将此参考编号告知支持团队：{number}',
  retry: '重试',
  countdown: '{time}后可以重试。',
  countdownOver: '现在可以重试。',
  backToSignIn: '返回登录',
  support: '需要帮助？请联系支持团队',
};

/** The texts of `<complete-recovery>`. */
export const completion: CompletionTexts = {
  title: '设置此设备',
  introduction:
    '您打开了一个恢复链接。继续即可设置此设备，用于登录。如果您没有申请此链接，请关闭本页面：尚未执行任何操作。',
  confirm: '设置此设备',
  registering: '正在设置…',
  registeringMessage: '您的设备可能会要求您验证指纹、面容或 PIN 码。',
  cancel: '取消',
  doneTitle: '您的设备已设置完成',
  doneMessage: '正在前往登录页面…',
  signIn: '登录',
  expiredTitle: '此链接已过期',
  expiredMessage: '恢复链接仅在短时间内有效。请申请新链接。',
  usedTitle: '此链接已被使用',
  usedMessage:
    '如果不是您本人使用的，可能有其他人为您的账户设置了设备。在进行任何其他操作之前，请先联系支持团队。',
  usedSignIn: '是我本人使用的：登录',
  invalidTitle: '此链接已失效',
  invalidMessage:
    '链接已过期、已被新链接取代或已被使用。如果可能是其他人使用的，请联系支持团队。否则，请申请新链接。',
  malformedTitle: '此链接不完整',
  malformedMessage: '请重新打开电子邮件中的链接，或申请新链接。',
  cancelledTitle: '尚未设置',
  cancelledMessage: '设置已取消。您可以重试。',
  offlineTitle: '无法连接',
  offlineMessage: '无法连接到登录服务。请检查网络连接，然后重试。',
  noAuthenticatorTitle: '暂时无法设置此设备',
  noAuthenticatorMessage:
    '此设备没有可用于登录的指纹、面容或 PIN 码解锁方式。请设置屏幕锁定、使用安全密钥，或在其他设备上打开此链接。',
  failedTitle: '出现问题',
  failedMessage: '无法设置此设备。请重试。',
  retry: '重试',
  newLink: '申请新链接',
  backToSignIn: '返回登录',
  support: '需要帮助？请联系支持团队',
  notYou: '不是您本人操作？请联系支持团队',
  contactSupport: '联系支持团队',
};
