import type { CompletionTexts, FormTexts } from './texts.ts';

/** The texts of `<recover-user-form>`. */
export const form: FormTexts = {
  title: 'Konto wiederherstellen',
  introduction:
    'Geben Sie Ihre E\u2011Mail-Adresse ein. Wenn es dazu ein Konto gibt, senden wir Ihnen per E\u2011Mail einen Link, mit dem Sie sich wieder anmelden können.',
  addressLabel: 'E\u2011Mail-Adresse',
  submit: 'Link senden',
  sending: 'Wird gesendet\u00a0…',
  invalidAddress: 'Geben Sie eine gültige E\u2011Mail-Adresse ein, zum Beispiel erika@example.com.',
  captcha: 'Noch ein Schritt: Bitte bestätigen Sie, dass Sie ein Mensch sind.',
  captchaFailed:
    'Wir konnten nicht bestätigen, dass Sie ein Mensch sind. Bitte versuchen Sie es noch einmal.',
  captchaUnavailable: 'Das CAPTCHA konnte nicht angezeigt werden. Bitte versuchen Sie es noch einmal.',
  sentTitle: 'Prüfen Sie Ihr Postfach',
  sentMessage:
    'Wenn es zu {address} ein Konto gibt, ist eine E\u2011Mail mit einem Link unterwegs. Das kann einige Minuten dauern. Bitte sehen Sie auch im Spam-Ordner nach.',
  sentRecentlyMessage:
    'Wenn es zu {address} ein Konto gibt, haben wir vor Kurzem einen Link gesendet. Bitte verwenden Sie diesen Link. Die E\u2011Mail kann einige Minuten brauchen. Bitte sehen Sie auch im Spam-Ordner nach.',
  resend: 'Noch einmal senden',
  otherAddress: 'Andere Adresse verwenden',
  waitTitle: 'Zu viele Anfragen',
  waitMessage: 'Aus Ihrem Netzwerk kamen zu viele Anfragen.',
  unavailableTitle: 'Zurzeit nicht verfügbar',
  unavailableMessage: 'Die Kontowiederherstellung ist im Moment nicht verfügbar.',
  offlineTitle: 'Keine Verbindung',
  offlineMessage:
    'Der Dienst ist nicht erreichbar. Bitte prüfen Sie Ihre Verbindung und versuchen Sie es noch einmal.',
  failedTitle: 'Etwas ist schiefgegangen',
  failedMessage: 'Das liegt nicht an Ihnen. Bitte versuchen Sie es noch einmal.',
  reference: 'Wenn das weiterhin passiert, nennen Sie dem Support bitte diese Referenz: {number}',
  retry: 'Noch einmal versuchen',
  countdown: 'In {time} können Sie es noch einmal versuchen.',
  countdownOver: 'Sie können es jetzt noch einmal versuchen.',
  backToSignIn: 'Zurück zur Anmeldung',
  support: 'Brauchen Sie Hilfe? Support kontaktieren',
};

/** The texts of `<complete-recovery>`. */
export const completion: CompletionTexts = {
  title: 'Dieses Gerät einrichten',
  introduction:
    'Sie haben einen Link zur Wiederherstellung geöffnet. Fahren Sie fort, um dieses Gerät für die Anmeldung einzurichten. Wenn Sie den Link nicht angefordert haben, schließen Sie diese Seite: Es ist nichts geschehen.',
  confirm: 'Dieses Gerät einrichten',
  registering: 'Wird eingerichtet\u00a0…',
  registeringMessage: 'Ihr Gerät fragt möglicherweise nach Fingerabdruck, Gesicht oder PIN.',
  cancel: 'Abbrechen',
  doneTitle: 'Ihr Gerät ist eingerichtet',
  doneMessage: 'Sie werden zur Anmeldung weitergeleitet\u00a0…',
  signIn: 'Anmelden',
  expiredTitle: 'Dieser Link ist abgelaufen',
  expiredMessage: 'Ein Link zur Wiederherstellung gilt nur für kurze Zeit. Bitte fordern Sie einen neuen an.',
  usedTitle: 'Dieser Link wurde bereits verwendet',
  usedMessage:
    'Wenn Sie ihn nicht selbst verwendet haben, hat möglicherweise jemand anderes ein Gerät für Ihr Konto eingerichtet. Wenden Sie sich an den Support, bevor Sie etwas anderes tun.',
  usedSignIn: 'Ich habe ihn selbst verwendet: anmelden',
  invalidTitle: 'Dieser Link funktioniert nicht mehr',
  invalidMessage:
    'Er ist abgelaufen, wurde durch einen neueren ersetzt oder bereits verwendet. Wenn ihn jemand anderes verwendet haben könnte, wenden Sie sich an den Support. Andernfalls fordern Sie einen neuen Link an.',
  malformedTitle: 'Dieser Link ist unvollständig',
  malformedMessage:
    'Bitte öffnen Sie den Link in der E\u2011Mail noch einmal oder fordern Sie einen neuen an.',
  cancelledTitle: 'Noch nicht eingerichtet',
  cancelledMessage: 'Die Einrichtung wurde abgebrochen. Sie können es noch einmal versuchen.',
  offlineTitle: 'Keine Verbindung',
  offlineMessage:
    'Der Anmeldedienst ist nicht erreichbar. Bitte prüfen Sie Ihre Verbindung und versuchen Sie es noch einmal.',
  noAuthenticatorTitle: 'Dieses Gerät kann noch nicht eingerichtet werden',
  noAuthenticatorMessage:
    'Für die Anmeldung fehlt eine Entsperrung per Fingerabdruck, Gesicht oder PIN. Richten Sie eine Bildschirmsperre ein, verwenden Sie einen Sicherheitsschlüssel oder öffnen Sie den Link auf einem anderen Gerät.',
  failedTitle: 'Etwas ist schiefgegangen',
  failedMessage: 'Das Gerät konnte nicht eingerichtet werden. Bitte versuchen Sie es noch einmal.',
  retry: 'Noch einmal versuchen',
  newLink: 'Neuen Link anfordern',
  backToSignIn: 'Zurück zur Anmeldung',
  support: 'Brauchen Sie Hilfe? Support kontaktieren',
  notYou: 'Das waren nicht Sie? Support kontaktieren',
  contactSupport: 'Support kontaktieren',
};
