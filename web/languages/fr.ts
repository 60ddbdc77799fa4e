import type { CompletionTexts, FormTexts } from './texts.ts';

/** The texts of `<recover-user-form>`. */
export const form: FormTexts = {
  title: 'Récupérer votre compte',
  introduction:
    'Saisissez votre adresse email. Si un compte y correspond, nous vous enverrons par email un lien pour vous connecter à nouveau.',
  addressLabel: 'Adresse email',
  submit: 'Envoyer le lien',
  sending: 'Envoi en cours…',
  invalidAddress: 'Saisissez une adresse email valide, par exemple jeanne@example.com.',
  captcha: 'Encore une étape : veuillez confirmer que vous êtes humain.',
  captchaFailed: 'Nous n’avons pas pu vérifier que vous êtes humain. Veuillez réessayer.',
  captchaUnavailable: 'Le CAPTCHA n’a pas pu s’afficher. Veuillez réessayer.',
  sentTitle: 'Consultez votre messagerie',
  sentMessage:
    'Si un compte existe pour {address}, un email contenant un lien est en route. Il peut arriver après quelques minutes, ou dans les indésirables.',
  resend: 'Renvoyer',
  otherAddress: 'Utiliser une autre adresse',
  waitTitle: 'Trop de demandes',
  waitMessage: 'Trop de demandes sont venues de votre réseau.',
  unavailableTitle: 'Indisponible pour le moment',
  unavailableMessage: 'La récupération n’est pas disponible pour le moment.',
  offlineTitle: 'Pas de connexion',
  offlineMessage: 'Le service est injoignable. Vérifiez votre connexion et réessayez.',
  failedTitle: 'Une erreur est survenue',
  failedMessage: 'Ce n’est pas votre faute. Veuillez réessayer.',
  reference: 'Si cela continue, indiquez cette référence au support : {number}',
  retry: 'Réessayer',
  countdown: 'Vous pourrez réessayer dans {time}.',
  countdownOver: 'Vous pouvez réessayer maintenant.',
  sentRecentlyMessage:
    'If an account exists for {address}, we sent a link a moment ago. Please use that one.',
  backToSignIn: 'Back to sign-in',
  support: 'Need help? Contact support',
};

/** The texts of `<complete-recovery>`. */
export const completion: CompletionTexts = {
  title: 'Configurer cet appareil',
  introduction:
    'Vous avez ouvert un lien de récupération. Continuez pour configurer cet appareil afin de vous connecter. Si vous ne l’avez pas demandé, fermez cette page : rien ne s’est passé.',
  confirm: 'Configurer cet appareil',
  registering: 'Configuration en cours…',
  registeringMessage: 'Votre appareil peut demander votre empreinte, votre visage ou un code.',
  doneTitle: 'Votre appareil est configuré',
  doneMessage: 'Redirection vers la connexion…',
  signIn: 'Se connecter',
  expiredTitle: 'Ce lien a expiré',
  expiredMessage: 'Un lien n’est valable que peu de temps. Veuillez en demander un nouveau.',
  usedTitle: 'This link has already been used',
  usedMessage:
    'If you did not use it yourself, someone else may have set up a device for your account. Contact support before you do anything else.',
  malformedTitle: 'Ce lien est incomplet',
  malformedMessage: 'Veuillez rouvrir le lien de l’email, ou en demander un nouveau.',
  cancelledTitle: 'Pas encore configuré',
  cancelledMessage: 'La configuration a été annulée. Vous pouvez réessayer : le lien est toujours valable.',
  failedTitle: 'Une erreur est survenue',
  failedMessage: 'L’appareil n’a pas pu être configuré. Veuillez réessayer.',
  retry: 'Réessayer',
  newLink: 'Demander un nouveau lien',
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
