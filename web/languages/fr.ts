import type { CompletionTexts, FormTexts } from './texts.ts';

/** The texts of `<recover-user-form>`. */
export const form: FormTexts = {
  title: 'Récupérer votre compte',
  introduction:
    'Saisissez votre adresse e\u2011mail. Si un compte y est associé, nous vous enverrons un e\u2011mail contenant un lien pour vous connecter à nouveau.',
  addressLabel: 'Adresse e\u2011mail',
  submit: 'Envoyer le lien',
  sending: 'Envoi en cours…',
  invalidAddress: 'Saisissez une adresse e\u2011mail valide, par exemple jeanne@example.com.',
  captcha: 'Encore une étape\u202f: veuillez confirmer que vous n’êtes pas un robot.',
  captchaFailed: 'Nous n’avons pas pu vérifier que vous n’êtes pas un robot. Veuillez réessayer.',
  captchaUnavailable: 'Le CAPTCHA n’a pas pu s’afficher. Veuillez réessayer.',
  sentTitle: 'Consultez votre boîte de réception',
  sentMessage:
    'S’il existe un compte pour {address}, un e\u2011mail contenant un lien est en route. Cela peut prendre quelques minutes. Pensez à vérifier vos courriers indésirables.',
  sentRecentlyMessage:
    'S’il existe un compte pour {address}, nous avons envoyé un lien il y a un instant. Veuillez utiliser ce lien. Il peut mettre quelques minutes à arriver. Pensez à vérifier vos courriers indésirables.',
  resend: 'Renvoyer',
  otherAddress: 'Utiliser une autre adresse',
  waitTitle: 'Trop de demandes',
  waitMessage: 'Trop de demandes ont été envoyées depuis votre réseau.',
  unavailableTitle: 'Indisponible pour le moment',
  unavailableMessage: 'La récupération de compte n’est pas disponible pour le moment.',
  offlineTitle: 'Connexion impossible',
  offlineMessage: 'Le service est injoignable. Vérifiez votre connexion Internet et réessayez.',
  failedTitle: 'Une erreur est survenue',
  failedMessage: 'Ce n’est pas votre faute. Veuillez réessayer.',
  reference: 'Si le problème persiste, indiquez cette référence à l’assistance\u202f: {number}',
  retry: 'Réessayer',
  countdown: 'Vous pourrez réessayer dans {time}.',
  countdownOver: 'Vous pouvez réessayer maintenant.',
  backToSignIn: 'Retour à la connexion',
  support: 'Besoin d’aide\u202f? Contacter l’assistance',
};

/** The texts of `<complete-recovery>`. */
export const completion: CompletionTexts = {
  title: 'Configurer cet appareil',
  introduction:
    'Vous avez ouvert un lien de récupération. Continuez pour configurer cet appareil en vue de vous connecter. Si vous n’avez pas demandé ce lien, fermez cette page\u202f: rien ne s’est passé.',
  confirm: 'Configurer cet appareil',
  registering: 'Configuration en cours…',
  registeringMessage:
    'Votre appareil peut vous demander votre empreinte digitale, votre visage ou un code PIN.',
  cancel: 'Annuler',
  doneTitle: 'Votre appareil est configuré',
  doneMessage: 'Vous allez être redirigé vers la page de connexion…',
  signIn: 'Se connecter',
  expiredTitle: 'Ce lien a expiré',
  expiredMessage: 'Un lien de récupération n’est valable que peu de temps. Veuillez en demander un nouveau.',
  usedTitle: 'Ce lien a déjà été utilisé',
  usedMessage:
    'Si ce n’est pas vous qui l’avez utilisé, quelqu’un d’autre a peut-être configuré un appareil pour votre compte. Contactez l’assistance avant toute autre action.',
  usedSignIn: 'C’est moi qui l’ai utilisé\u202f: me connecter',
  invalidTitle: 'Ce lien ne fonctionne plus',
  invalidMessage:
    'Il a expiré, a été remplacé par un lien plus récent ou a déjà été utilisé. Si quelqu’un d’autre a pu l’utiliser, contactez l’assistance. Sinon, demandez un nouveau lien.',
  malformedTitle: 'Ce lien est incomplet',
  malformedMessage: 'Veuillez rouvrir le lien reçu par e\u2011mail ou en demander un nouveau.',
  cancelledTitle: 'Appareil pas encore configuré',
  cancelledMessage: 'La configuration a été annulée. Vous pouvez réessayer.',
  offlineTitle: 'Connexion impossible',
  offlineMessage: 'Le service de connexion est injoignable. Vérifiez votre connexion Internet et réessayez.',
  noAuthenticatorTitle: 'Cet appareil ne peut pas encore être configuré',
  noAuthenticatorMessage:
    'Aucun déverrouillage par empreinte digitale, visage ou code PIN n’y est disponible pour vous connecter. Activez le verrouillage de l’écran, utilisez une clé de sécurité ou ouvrez le lien sur un autre appareil.',
  failedTitle: 'Une erreur est survenue',
  failedMessage: 'L’appareil n’a pas pu être configuré. Veuillez réessayer.',
  retry: 'Réessayer',
  newLink: 'Demander un nouveau lien',
  backToSignIn: 'Retour à la connexion',
  support: 'Besoin d’aide\u202f? Contacter l’assistance',
  notYou: 'Ce n’était pas vous\u202f? Contacter l’assistance',
  contactSupport: 'Contacter l’assistance',
};
