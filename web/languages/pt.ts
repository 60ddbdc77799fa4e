import type { CompletionTexts, FormTexts } from './texts.ts';

/** The texts of `<recover-user-form>`. */
export const form: FormTexts = {
  title: 'Recuperar a sua conta',
  introduction:
    'Introduza o seu endereço de email. Se existir uma conta associada, enviaremos por email um link para voltar a iniciar sessão.',
  addressLabel: 'Endereço de email',
  submit: 'Enviar o link',
  sending: 'A enviar…',
  invalidAddress: 'Introduza um endereço de email válido, por exemplo, joana@example.com.',
  captcha: 'Mais um passo: confirme que não é um robô.',
  captchaFailed: 'Não foi possível verificar que não é um robô. Tente novamente.',
  captchaUnavailable: 'Não foi possível mostrar o CAPTCHA. Tente novamente.',
  sentTitle: 'Verifique a sua caixa de entrada',
  sentMessage:
    'Se existir uma conta para {address}, um email com um link está a caminho. Pode demorar alguns minutos. Verifique também a pasta de spam.',
  sentRecentlyMessage:
    'Se existir uma conta para {address}, enviámos um link há instantes. Utilize esse link. Pode demorar alguns minutos. Verifique também a pasta de spam.',
  resend: 'Enviar novamente',
  otherAddress: 'Utilizar outro endereço',
  waitTitle: 'Demasiados pedidos',
  waitMessage: 'Foram recebidos demasiados pedidos da sua rede.',
  unavailableTitle: 'Indisponível de momento',
  unavailableMessage: 'A recuperação de contas não está disponível de momento.',
  offlineTitle: 'Sem ligação',
  offlineMessage: 'Não foi possível contactar o serviço. Verifique a sua ligação e tente novamente.',
  failedTitle: 'Algo correu mal',
  failedMessage: 'A culpa não é sua. Tente novamente.',
  reference: 'Se o problema persistir, indique esta referência ao suporte: {number}',
  retry: 'Tentar novamente',
  countdown: 'Pode tentar novamente dentro de {time}.',
  countdownOver: 'Já pode tentar novamente.',
  backToSignIn: 'Voltar ao início de sessão',
  support: 'Precisa de ajuda? Contacte o suporte',
};

/** The texts of `<complete-recovery>`. */
export const completion: CompletionTexts = {
  title: 'Configurar este dispositivo',
  introduction:
    'Abriu um link de recuperação. Continue para configurar este dispositivo e iniciar sessão com ele. Se não pediu o link, feche esta página: nada aconteceu.',
  confirm: 'Configurar este dispositivo',
  registering: 'A configurar…',
  registeringMessage: 'O seu dispositivo pode pedir a impressão digital, o rosto ou um PIN.',
  cancel: 'Cancelar',
  doneTitle: 'O seu dispositivo está configurado',
  doneMessage: 'A redirecionar para o início de sessão…',
  signIn: 'Iniciar sessão',
  expiredTitle: 'Este link expirou',
  expiredMessage: 'Um link de recuperação só é válido durante pouco tempo. Peça um novo.',
  usedTitle: 'Este link já foi utilizado',
  usedMessage:
    'Se não o utilizou pessoalmente, é possível que outra pessoa tenha configurado um dispositivo para a sua conta. Contacte o suporte antes de fazer qualquer outra coisa.',
  usedSignIn: 'Fui eu que o utilizei: iniciar sessão',
  invalidTitle: 'Este link já não funciona',
  invalidMessage:
    'Expirou, foi substituído por um mais recente ou já foi utilizado. Se for possível que outra pessoa o tenha utilizado, contacte o suporte. Caso contrário, peça um novo link.',
  malformedTitle: 'Este link está incompleto',
  malformedMessage: 'Abra novamente o link do email ou peça um novo.',
  cancelledTitle: 'Ainda por configurar',
  cancelledMessage: 'A configuração foi cancelada. Pode tentar novamente.',
  offlineTitle: 'Sem ligação',
  offlineMessage:
    'Não foi possível contactar o serviço de início de sessão. Verifique a sua ligação e tente novamente.',
  noAuthenticatorTitle: 'Ainda não é possível configurar este dispositivo',
  noAuthenticatorMessage:
    'Não tem desbloqueio por impressão digital, rosto ou PIN com que possa iniciar sessão. Ative o bloqueio de ecrã, utilize uma chave de segurança ou abra o link noutro dispositivo.',
  failedTitle: 'Algo correu mal',
  failedMessage: 'Não foi possível configurar o dispositivo. Tente novamente.',
  retry: 'Tentar novamente',
  newLink: 'Pedir um novo link',
  backToSignIn: 'Voltar ao início de sessão',
  support: 'Precisa de ajuda? Contacte o suporte',
  notYou: 'Não pediu este link? Contacte o suporte',
  contactSupport: 'Contactar o suporte',
};
