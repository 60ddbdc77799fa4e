import type { CompletionTexts, FormTexts } from './texts.ts';

/** The texts of `<recover-user-form>`. */
export const form: FormTexts = {
  title: 'Recuperar su cuenta',
  introduction:
    'Escriba su dirección de correo. Si existe una cuenta con ella, le enviaremos por correo un enlace para volver a iniciar sesión.',
  addressLabel: 'Correo electrónico',
  submit: 'Enviar el enlace',
  sending: 'Enviando…',
  invalidAddress: 'Escriba una dirección de correo válida, por ejemplo juana@example.com.',
  captcha: 'Un paso más: confirme que es una persona.',
  captchaFailed: 'No hemos podido verificar que es una persona. Inténtelo de nuevo.',
  captchaUnavailable: 'No se pudo mostrar el CAPTCHA. Inténtelo de nuevo.',
  sentTitle: 'Revise su correo',
  sentMessage:
    'Si existe una cuenta para {address}, un correo con un enlace está en camino. Puede tardar unos minutos o llegar a la carpeta de spam.',
  resend: 'Enviar de nuevo',
  otherAddress: 'Usar otra dirección',
  waitTitle: 'Demasiadas solicitudes',
  waitMessage: 'Han llegado demasiadas solicitudes desde su red.',
  unavailableTitle: 'No disponible por ahora',
  unavailableMessage: 'La recuperación no está disponible en este momento.',
  offlineTitle: 'Sin conexión',
  offlineMessage: 'No se pudo contactar con el servicio. Compruebe su conexión e inténtelo de nuevo.',
  failedTitle: 'Algo ha fallado',
  failedMessage: 'No es culpa suya. Inténtelo de nuevo.',
  reference: 'Si continúa, indique esta referencia al soporte: {number}',
  retry: 'Intentar de nuevo',
  countdown: 'Podrá intentarlo de nuevo en {time}.',
  countdownOver: 'Ya puede intentarlo de nuevo.',
  sentRecentlyMessage:
    'If an account exists for {address}, we sent a link a moment ago. Please use that one.',
  backToSignIn: 'Back to sign-in',
  support: 'Need help? Contact support',
};

/** The texts of `<complete-recovery>`. */
export const completion: CompletionTexts = {
  title: 'Configurar este dispositivo',
  introduction:
    'Ha abierto un enlace de recuperación. Continúe para configurar este dispositivo e iniciar sesión. Si no lo ha pedido, cierre esta página: no ha ocurrido nada.',
  confirm: 'Configurar este dispositivo',
  registering: 'Configurando…',
  registeringMessage: 'Su dispositivo puede pedirle la huella, el rostro o un PIN.',
  doneTitle: 'Su dispositivo está configurado',
  doneMessage: 'Le llevamos al inicio de sesión…',
  signIn: 'Iniciar sesión',
  expiredTitle: 'Este enlace ha caducado',
  expiredMessage: 'Un enlace solo sirve durante poco tiempo. Pida uno nuevo.',
  usedTitle: 'This link has already been used',
  usedMessage:
    'If you did not use it yourself, someone else may have set up a device for your account. Contact support before you do anything else.',
  malformedTitle: 'Este enlace está incompleto',
  malformedMessage: 'Abra otra vez el enlace del correo, o pida uno nuevo.',
  cancelledTitle: 'Todavía sin configurar',
  cancelledMessage: 'La configuración se canceló. Puede intentarlo de nuevo: el enlace sigue sirviendo.',
  failedTitle: 'Algo ha fallado',
  failedMessage: 'No se pudo configurar el dispositivo. Inténtelo de nuevo.',
  retry: 'Intentar de nuevo',
  newLink: 'Pedir un enlace nuevo',
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
