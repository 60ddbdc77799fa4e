import type { CompletionTexts, FormTexts } from './texts.ts';

/** The texts of `<recover-user-form>`. */
export const form: FormTexts = {
  title: 'Recuperar a sua conta',
  introduction:
    'Introduza o seu endereço de email. Se existir uma conta com ele, enviaremos por email um link para voltar a iniciar sessão.',
  addressLabel: 'Endereço de email',
  submit: 'Enviar o link',
  sending: 'A enviar…',
  invalidAddress: 'Introduza um endereço de email válido, por exemplo joana@example.com.',
  captcha: 'Mais um passo: confirme que é uma pessoa.',
  captchaFailed: 'Não conseguimos verificar que é uma pessoa. Tente de novo.',
  captchaUnavailable: 'Não foi possível mostrar o CAPTCHA. Tente de novo.',
  sentTitle: 'Veja o seu email',
  sentMessage:
    'Se existir uma conta para {address}, um email com um link está a caminho. Pode demorar alguns minutos ou chegar à pasta de spam.',
  resend: 'Enviar de novo',
  otherAddress: 'Usar outro endereço',
  waitTitle: 'Demasiados pedidos',
  waitMessage: 'Chegaram demasiados pedidos da sua rede.',
  unavailableTitle: 'Indisponível de momento',
  unavailableMessage: 'A recuperação não está disponível de momento.',
  offlineTitle: 'Sem ligação',
  offlineMessage: 'Não foi possível contactar o serviço. Verifique a sua ligação e tente de novo.',
  failedTitle: 'Algo correu mal',
  failedMessage: 'A culpa não é sua. Tente de novo.',
  reference: 'Se continuar, indique esta referência ao suporte: {number}',
  retry: 'Tentar de novo',
  countdown: 'Pode tentar de novo dentro de {time}.',
  countdownOver: 'Já pode tentar de novo.',
  sentRecentlyMessage:
    'If an account exists for {address}, we sent a link a moment ago. Please use that one.',
  backToSignIn: 'Back to sign-in',
  support: 'Need help? Contact support',
};

/** The texts of `<complete-recovery>`. */
export const completion: CompletionTexts = {
  title: 'Configurar este dispositivo',
  introduction:
    'Abriu um link de recuperação. Continue para configurar este dispositivo e iniciar sessão. Se não o pediu, feche esta página: nada aconteceu.',
  confirm: 'Configurar este dispositivo',
  registering: 'A configurar…',
  registeringMessage: 'O seu dispositivo pode pedir a impressão digital, o rosto ou um PIN.',
  doneTitle: 'O seu dispositivo está configurado',
  doneMessage: 'A encaminhar para o início de sessão…',
  signIn: 'Iniciar sessão',
  expiredTitle: 'Este link expirou',
  expiredMessage: 'Um link só serve durante pouco tempo. Peça um novo.',
  usedTitle: 'This link has already been used',
  usedMessage:
    'If you did not use it yourself, someone else may have set up a device for your account. Contact support before you do anything else.',
  malformedTitle: 'Este link está incompleto',
  malformedMessage: 'Abra outra vez o link do email, ou peça um novo.',
  cancelledTitle: 'Ainda por configurar',
  cancelledMessage: 'A configuração foi cancelada. Pode tentar de novo: o link ainda serve.',
  failedTitle: 'Algo correu mal',
  failedMessage: 'Não foi possível configurar o dispositivo. Tente de novo.',
  retry: 'Tentar de novo',
  newLink: 'Pedir um link novo',
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
