import type { MailTemplates } from "../template.ts";

export const es: MailTemplates = {
  welcome: {
    subject: "Te damos la bienvenida a The Chatroom",
    lines: ["Hola, {name}:", "Tu cuenta está lista. ¡Te damos la bienvenida!"],
    button: "Abrir The Chatroom",
  },
  confirmEmail: {
    subject: "Confirma tu correo electrónico",
    lines: [
      "Se ha introducido esta dirección para una cuenta de The Chatroom. Si fuiste tú, confírmala con el botón de abajo. El enlace caduca en dos días.",
      "Si no fuiste tú, ignora este correo. La dirección no se usará.",
    ],
    button: "Confirmar correo electrónico",
  },
  resetPassword: {
    subject: "Restablece tu contraseña",
    lines: [
      "Hemos recibido una solicitud para restablecer la contraseña de tu cuenta de The Chatroom. Si fuiste tú, elige una nueva con el botón de abajo. El enlace funciona una sola vez y caduca en 30 minutos.",
      "Si no fuiste tú, ignora este correo. Tu contraseña no cambiará.",
    ],
    button: "Restablecer contraseña",
  },
  emailChanged: {
    subject: "Se ha cambiado tu correo electrónico",
    lines: [
      "Se ha cambiado o eliminado el correo electrónico de tu cuenta de The Chatroom. No enviaremos más correos a esta dirección.",
      "Si no fuiste tú, inicia sesión ahora, cambia tu contraseña y cierra la sesión en todos los demás dispositivos.",
    ],
    button: "Abrir The Chatroom",
  },
  signInChanged: {
    subject: "Ha cambiado tu forma de iniciar sesión",
    lines: [
      "En tu cuenta de The Chatroom se activó o desactivó la verificación en dos pasos, se sustituyeron los códigos de recuperación, o se añadió o eliminó una llave de acceso.",
      "Si no fuiste tú, inicia sesión ahora, cambia tu contraseña y cierra la sesión en todos los demás dispositivos.",
    ],
    button: "Abrir The Chatroom",
  },
  smsPaused: {
    subject: "Los SMS están en pausa",
    lines: [
      "The Chatroom ha puesto en pausa los SMS. O se ha agotado el presupuesto de hoy, o se enviaron muchos códigos a un mismo rango de números y se confirmaron pocos.",
      "La pausa termina automáticamente. El registro de auditoría muestra el motivo.",
    ],
    button: "Abrir The Chatroom",
  },
  footer: "Recibes este correo porque esta dirección se introdujo en The Chatroom.",
  smsCode: "{code} es tu código de The Chatroom. Caduca en 10 minutos. No lo compartas con nadie.",
  smsNoAccount: "The Chatroom: se solicitó restablecer la contraseña con este número, pero ninguna cuenta lo usa.",
};
