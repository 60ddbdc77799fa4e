import type { CompletionTexts, FormTexts } from './texts.ts';

/** The texts of `<recover-user-form>`. */
export const form: FormTexts = {
  title: 'Recuperar sua conta',
  introduction:
    'Digite seu endereço de e\u2011mail. Se houver uma conta associada, enviaremos um e\u2011mail com um link para você fazer login novamente.',
  addressLabel: 'Endereço de e\u2011mail',
  submit: 'Enviar o link',
  sending: 'Enviando…',
  invalidAddress: 'Digite um endereço de e\u2011mail válido, por exemplo, joana@example.com.',
  captcha: 'Só mais uma etapa: confirme que você não é um robô.',
  captchaFailed: 'Não foi possível verificar que você não é um robô. Tente novamente.',
  captchaUnavailable: 'Não foi possível exibir o CAPTCHA. Tente novamente.',
  sentTitle: 'Verifique sua caixa de entrada',
  sentMessage:
    'Se houver uma conta para {address}, um e\u2011mail com um link está a caminho. Isso pode levar alguns minutos. Verifique também a pasta de spam.',
  sentRecentlyMessage:
    'Se houver uma conta para {address}, enviamos um link há pouco. Use esse link. Isso pode levar alguns minutos. Verifique também a pasta de spam.',
  resend: 'Enviar novamente',
  otherAddress: 'Usar outro endereço',
  waitTitle: 'Muitas solicitações',
  waitMessage: 'Recebemos muitas solicitações da sua rede.',
  unavailableTitle: 'Indisponível no momento',
  unavailableMessage: 'A recuperação de contas não está disponível no momento.',
  offlineTitle: 'Sem conexão',
  offlineMessage: 'Não foi possível acessar o serviço. Verifique sua conexão e tente novamente.',
  failedTitle: 'Algo deu errado',
  failedMessage: 'A culpa não é sua. Tente novamente.',
  reference: 'Se o problema continuar, informe esta referência ao suporte: {number}',
  retry: 'Tentar novamente',
  countdown: 'Você poderá tentar novamente em {time}.',
  countdownOver: 'Você já pode tentar novamente.',
  backToSignIn: 'Voltar para o login',
  support: 'Precisa de ajuda? Fale com o suporte',
};

/** The texts of `<complete-recovery>`. */
export const completion: CompletionTexts = {
  title: 'Configurar este dispositivo',
  introduction:
    'Você abriu um link de recuperação. Continue para configurar este dispositivo e fazer login com ele. Se você não solicitou o link, feche esta página: nada aconteceu.',
  confirm: 'Configurar este dispositivo',
  registering: 'Configurando…',
  registeringMessage: 'Seu dispositivo pode pedir sua impressão digital, seu rosto ou um PIN.',
  cancel: 'Cancelar',
  doneTitle: 'Seu dispositivo está configurado',
  doneMessage: 'Redirecionando para o login…',
  signIn: 'Fazer login',
  expiredTitle: 'Este link expirou',
  expiredMessage: 'Um link de recuperação só é válido por pouco tempo. Solicite um novo.',
  usedTitle: 'Este link já foi usado',
  usedMessage:
    'Se não foi você que o usou, é possível que outra pessoa tenha configurado um dispositivo para a sua conta. Fale com o suporte antes de fazer qualquer outra coisa.',
  usedSignIn: 'Fui eu que usei: fazer login',
  invalidTitle: 'Este link não funciona mais',
  invalidMessage:
    'Ele expirou, foi substituído por um mais recente ou já foi usado. Se for possível que outra pessoa o tenha usado, fale com o suporte. Caso contrário, solicite um novo link.',
  malformedTitle: 'Este link está incompleto',
  malformedMessage: 'Abra novamente o link do e\u2011mail ou solicite um novo.',
  cancelledTitle: 'Ainda não configurado',
  cancelledMessage: 'A configuração foi cancelada. Você pode tentar novamente.',
  offlineTitle: 'Sem conexão',
  offlineMessage: 'Não foi possível acessar o serviço de login. Verifique sua conexão e tente novamente.',
  noAuthenticatorTitle: 'Ainda não é possível configurar este dispositivo',
  noAuthenticatorMessage:
    'Ele não tem desbloqueio por impressão digital, rosto ou PIN para fazer login. Ative o bloqueio de tela, use uma chave de segurança ou abra o link em outro dispositivo.',
  failedTitle: 'Algo deu errado',
  failedMessage: 'Não foi possível configurar o dispositivo. Tente novamente.',
  retry: 'Tentar novamente',
  newLink: 'Solicitar um novo link',
  backToSignIn: 'Voltar para o login',
  support: 'Precisa de ajuda? Fale com o suporte',
  notYou: 'Não foi você? Fale com o suporte',
  contactSupport: 'Falar com o suporte',
};
