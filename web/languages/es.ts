import type { CompletionTexts, FormTexts } from './texts.ts';

/** The texts of `<recover-user-form>`. */
export const form: FormTexts = {
  title: 'Recuperar su cuenta',
  introduction:
    'Escriba su dirección de correo electrónico. Si hay una cuenta asociada, le enviaremos por correo un enlace para volver a iniciar sesión.',
  addressLabel: 'Correo electrónico',
  submit: 'Enviar el enlace',
  sending: 'Enviando…',
  invalidAddress: 'Escriba una dirección de correo electrónico válida, por ejemplo, juana@example.com.',
  captcha: 'Un paso más: confirme que no es un robot.',
  captchaFailed: 'No hemos podido verificar que no es un robot. Inténtelo de nuevo.',
  captchaUnavailable: 'No se ha podido mostrar el CAPTCHA. Inténtelo de nuevo.',
  sentTitle: 'Revise su bandeja de entrada',
  sentMessage:
    'Si existe una cuenta para {address}, hay un correo con un enlace en camino. Puede tardar unos minutos. Revise también la carpeta de spam.',
  sentRecentlyMessage:
    'Si existe una cuenta para {address}, hemos enviado un enlace hace un momento. Utilice ese enlace. Puede tardar unos minutos. Revise también la carpeta de spam.',
  resend: 'Enviar de nuevo',
  otherAddress: 'Usar otra dirección',
  waitTitle: 'Demasiadas solicitudes',
  waitMessage: 'Se han recibido demasiadas solicitudes desde su red.',
  unavailableTitle: 'No disponible por ahora',
  unavailableMessage: 'La recuperación de cuentas no está disponible en este momento.',
  offlineTitle: 'Sin conexión',
  offlineMessage: 'No se ha podido contactar con el servicio. Compruebe su conexión e inténtelo de nuevo.',
  failedTitle: 'Algo ha salido mal',
  failedMessage: 'No es culpa suya. Inténtelo de nuevo.',
  reference: 'Si el problema continúa, indique esta referencia al equipo de soporte: {number}',
  retry: 'Intentar de nuevo',
  countdown: 'Podrá intentarlo de nuevo en {time}.',
  countdownOver: 'Ya puede intentarlo de nuevo.',
  backToSignIn: 'Volver al inicio de sesión',
  support: '¿Necesita ayuda? Contacte con soporte',
};

/** The texts of `<complete-recovery>`. */
export const completion: CompletionTexts = {
  title: 'Configurar este dispositivo',
  introduction:
    'Ha abierto un enlace de recuperación. Continúe para configurar este dispositivo e iniciar sesión con él. Si no ha solicitado el enlace, cierre esta página: no ha ocurrido nada.',
  confirm: 'Configurar este dispositivo',
  registering: 'Configurando…',
  registeringMessage: 'Es posible que su dispositivo le pida la huella digital, el rostro o un PIN.',
  cancel: 'Cancelar',
  doneTitle: 'Su dispositivo está configurado',
  doneMessage: 'Le redirigimos al inicio de sesión…',
  signIn: 'Iniciar sesión',
  expiredTitle: 'Este enlace ha caducado',
  expiredMessage: 'Un enlace de recuperación solo es válido durante poco tiempo. Solicite uno nuevo.',
  usedTitle: 'Este enlace ya se ha utilizado',
  usedMessage:
    'Si no lo ha utilizado usted, es posible que otra persona haya configurado un dispositivo para su cuenta. Contacte con soporte antes de hacer cualquier otra cosa.',
  usedSignIn: 'Lo he utilizado yo: iniciar sesión',
  invalidTitle: 'Este enlace ya no funciona',
  invalidMessage:
    'Ha caducado, se ha sustituido por otro más reciente o ya se ha utilizado. Si es posible que lo haya utilizado otra persona, contacte con soporte. En caso contrario, solicite un enlace nuevo.',
  malformedTitle: 'Este enlace está incompleto',
  malformedMessage: 'Abra de nuevo el enlace del correo o solicite uno nuevo.',
  cancelledTitle: 'Todavía sin configurar',
  cancelledMessage: 'Se ha cancelado la configuración. Puede intentarlo de nuevo.',
  offlineTitle: 'Sin conexión',
  offlineMessage:
    'No se ha podido contactar con el servicio de inicio de sesión. Compruebe su conexión e inténtelo de nuevo.',
  noAuthenticatorTitle: 'Este dispositivo aún no se puede configurar',
  noAuthenticatorMessage:
    'No dispone de desbloqueo por huella digital, rostro o PIN con el que iniciar sesión. Active el bloqueo de pantalla, utilice una llave de seguridad o abra el enlace en otro dispositivo.',
  failedTitle: 'Algo ha salido mal',
  failedMessage: 'No se ha podido configurar el dispositivo. Inténtelo de nuevo.',
  retry: 'Intentar de nuevo',
  newLink: 'Solicitar un enlace nuevo',
  backToSignIn: 'Volver al inicio de sesión',
  support: '¿Necesita ayuda? Contacte con soporte',
  notYou: '¿No ha sido usted? Contacte con soporte',
  contactSupport: 'Contactar con soporte',
};
