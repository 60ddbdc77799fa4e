import type { CompletionTexts, FormTexts } from './texts.ts';

/** The texts of `<recover-user-form>`. */
export const form: FormTexts = {
  title: 'Konto wiederherstellen',
  introduction:
    'Geben Sie Ihre E-Mail-Adresse ein. Gibt es dazu ein Konto, senden wir Ihnen per E-Mail einen Link, mit dem Sie sich wieder anmelden können.',
  addressLabel: 'E-Mail-Adresse',
  submit: 'Link senden',
  sending: 'Wird gesendet …',
  invalidAddress: 'Geben Sie eine gültige E-Mail-Adresse ein, zum Beispiel erika@example.com.',
  captcha: 'Noch ein Schritt: Bitte bestätigen Sie, dass Sie ein Mensch sind.',
  captchaFailed:
    'Wir konnten nicht bestätigen, dass Sie ein Mensch sind. Bitte versuchen Sie es noch einmal.',
  captchaUnavailable: 'Das CAPTCHA konnte nicht angezeigt werden. Bitte versuchen Sie es noch einmal.',
  sentTitle: 'Sehen Sie in Ihr Postfach',
  sentMessage:
    'Wenn es zu {address} ein Konto gibt, ist eine E-Mail mit einem Link unterwegs. Das kann einige Minuten dauern; sehen Sie auch im Spam-Ordner nach.',
  resend: 'Noch einmal senden',
  otherAddress: 'Andere Adresse verwenden',
  waitTitle: 'Zu viele Anfragen',
  waitMessage: 'Aus Ihrem Netz kamen zu viele Anfragen.',
  unavailableTitle: 'Zurzeit nicht verfügbar',
  unavailableMessage: 'Die Wiederherstellung ist im Moment nicht verfügbar.',
  offlineTitle: 'Keine Verbindung',
  offlineMessage:
    'Der Dienst war nicht erreichbar. Bitte prüfen Sie Ihre Verbindung und versuchen Sie es noch einmal.',
  failedTitle: 'Etwas ist schiefgegangen',
  failedMessage: 'Das liegt nicht an Ihnen. Bitte versuchen Sie es noch einmal.',
  reference: 'Bleibt es dabei, nennen Sie dem Support diese Kennung: {number}',
  retry: 'Noch einmal versuchen',
  countdown: 'In {time} können Sie es wieder versuchen.',
  countdownOver: 'Sie können es jetzt wieder versuchen.',
  sentRecentlyMessage:
    'If an account exists for {address}, we sent a link a moment ago. Please use that one.',
  backToSignIn: 'Back to sign-in',
  support: 'Need help? Contact support',
};

/** The texts of `<complete-recovery>`. */
export const completion: CompletionTexts = {
  title: 'Dieses Gerät einrichten',
  introduction:
    'Sie haben einen Link zur Wiederherstellung geöffnet. Fahren Sie fort, um dieses Gerät für die Anmeldung einzurichten. Wenn Sie ihn nicht angefordert haben, schließen Sie diese Seite: Es ist nichts geschehen.',
  confirm: 'Dieses Gerät einrichten',
  registering: 'Wird eingerichtet …',
  registeringMessage: 'Ihr Gerät fragt vielleicht nach Fingerabdruck, Gesicht oder PIN.',
  doneTitle: 'Ihr Gerät ist eingerichtet',
  doneMessage: 'Sie werden zur Anmeldung weitergeleitet …',
  signIn: 'Anmelden',
  expiredTitle: 'Dieser Link ist abgelaufen',
  expiredMessage: 'Ein Link gilt nur für kurze Zeit. Bitte fordern Sie einen neuen an.',
  usedTitle: 'This link has already been used',
  usedMessage:
    'If you did not use it yourself, someone else may have set up a device for your account. Contact support before you do anything else.',
  malformedTitle: 'Dieser Link ist unvollständig',
  malformedMessage: 'Bitte öffnen Sie den Link in der E-Mail noch einmal, oder fordern Sie einen neuen an.',
  cancelledTitle: 'Noch nicht eingerichtet',
  cancelledMessage:
    'Die Einrichtung wurde abgebrochen. Sie können es noch einmal versuchen: Der Link gilt noch.',
  failedTitle: 'Etwas ist schiefgegangen',
  failedMessage: 'Das Gerät konnte nicht eingerichtet werden. Bitte versuchen Sie es noch einmal.',
  retry: 'Noch einmal versuchen',
  newLink: 'Neuen Link anfordern',
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
