import type { CompletionTexts, FormTexts } from './texts.ts';

/** The texts of `<recover-user-form>`. */
export const form: FormTexts = {
  title: 'استعادة حسابك',
  introduction:
    'أدخل عنوان بريدك الإلكتروني. إذا كان له حساب، فسنرسل إليك بالبريد الإلكتروني رابطًا لتسجيل الدخول من جديد.',
  addressLabel: 'البريد الإلكتروني',
  submit: 'إرسال الرابط',
  sending: 'جارٍ الإرسال…',
  invalidAddress: 'أدخل عنوان بريد إلكتروني صالحًا، مثل jane@example.com.',
  captcha: 'خطوة أخرى: يُرجى تأكيد أنك إنسان.',
  captchaFailed: 'تعذّر التحقق من أنك إنسان. يُرجى المحاولة مرة أخرى.',
  captchaUnavailable: 'تعذّر عرض اختبار CAPTCHA. يُرجى المحاولة مرة أخرى.',
  sentTitle: 'تحقّق من بريدك الوارد',
  sentMessage:
    'إذا كان هناك حساب للعنوان {address}، فستصلك رسالة تحتوي على رابط. قد يستغرق ذلك بضع دقائق، أو تصل إلى مجلد الرسائل غير المرغوب فيها.',
  resend: 'إرسال مرة أخرى',
  otherAddress: 'استخدام عنوان آخر',
  waitTitle: 'طلبات كثيرة جدًا',
  waitMessage: 'وصلت طلبات كثيرة جدًا من شبكتك.',
  unavailableTitle: 'غير متاح الآن',
  unavailableMessage: 'الاستعادة غير متاحة في الوقت الحالي.',
  offlineTitle: 'لا يوجد اتصال',
  offlineMessage: 'تعذّر الوصول إلى الخدمة. تحقّق من اتصالك ثم حاول مرة أخرى.',
  failedTitle: 'حدث خطأ ما',
  failedMessage: 'ليس هذا خطأك. يُرجى المحاولة مرة أخرى.',
  reference: 'إذا استمر ذلك، فأخبر الدعم بهذا الرقم المرجعي: {number}',
  retry: 'المحاولة مرة أخرى',
  countdown: 'يمكنك المحاولة مرة أخرى بعد {time}.',
  countdownOver: 'يمكنك المحاولة مرة أخرى الآن.',
  sentRecentlyMessage:
    'If an account exists for {address}, we sent a link a moment ago. Please use that one.',
  backToSignIn: 'Back to sign-in',
  support: 'Need help? Contact support',
};

/** The texts of `<complete-recovery>`. */
export const completion: CompletionTexts = {
  title: 'إعداد هذا الجهاز',
  introduction:
    'لقد فتحت رابط استعادة. تابع لإعداد هذا الجهاز لتسجيل الدخول. إذا لم تطلبه، فأغلق هذه الصفحة: لم يحدث شيء.',
  confirm: 'إعداد هذا الجهاز',
  registering: 'جارٍ الإعداد…',
  registeringMessage: 'قد يطلب جهازك بصمة إصبعك أو وجهك أو رقم PIN.',
  doneTitle: 'تم إعداد جهازك',
  doneMessage: 'جارٍ نقلك إلى تسجيل الدخول…',
  signIn: 'تسجيل الدخول',
  expiredTitle: 'انتهت صلاحية هذا الرابط',
  expiredMessage: 'يعمل رابط الاستعادة لفترة قصيرة فقط. يُرجى طلب رابط جديد.',
  usedTitle: 'This link has already been used',
  usedMessage:
    'If you did not use it yourself, someone else may have set up a device for your account. Contact support before you do anything else.',
  malformedTitle: 'هذا الرابط غير مكتمل',
  malformedMessage: 'يُرجى فتح الرابط في الرسالة مرة أخرى، أو طلب رابط جديد.',
  cancelledTitle: 'لم يتم الإعداد بعد',
  cancelledMessage: 'أُلغي إعداد الجهاز. يمكنك المحاولة مرة أخرى: ما زال الرابط يعمل.',
  failedTitle: 'حدث خطأ ما',
  failedMessage: 'تعذّر إعداد الجهاز. يُرجى المحاولة مرة أخرى.',
  retry: 'المحاولة مرة أخرى',
  newLink: 'طلب رابط جديد',
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
