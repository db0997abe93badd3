import type { MailTemplates } from "../template.ts";

export const es: MailTemplates = {
  welcome: {
    subject: "Te damos la bienvenida a The Chatroom",
    lines: ["Hola, {name}:", "Tu cuenta está lista. Nos alegra que estés aquí."],
    button: "Abrir The Chatroom",
  },
  confirmEmail: {
    subject: "Confirma tu correo electrónico",
    lines: [
      "Alguien indicó esta dirección para una cuenta en The Chatroom. Si fuiste tú, confírmala. El enlace vale durante dos días.",
      "Si no fuiste tú, no hagas nada; la dirección no se usará.",
    ],
    button: "Confirmar esta dirección",
  },
  resetPassword: {
    subject: "Elige una contraseña nueva",
    lines: [
      "Alguien pidió una contraseña nueva para tu cuenta en The Chatroom. Si fuiste tú, elígela aquí. El enlace vale una sola vez, durante 30 minutos.",
      "Si no fuiste tú, no hagas nada; tu contraseña sigue igual.",
    ],
    button: "Elegir una contraseña nueva",
  },
  emailChanged: {
    subject: "Tu correo electrónico ha cambiado",
    lines: [
      "Se indicó otro correo electrónico para tu cuenta en The Chatroom, o se quitó este. A partir de ahora no enviaremos nada aquí.",
      "Si no fuiste tú, inicia sesión enseguida, cambia tu contraseña y cierra todas las demás sesiones.",
    ],
    button: "Abrir The Chatroom",
  },
  signInChanged: {
    subject: "Ha cambiado tu forma de iniciar sesión",
    lines: [
      "En tu cuenta de The Chatroom se activó o desactivó la verificación en dos pasos, se renovaron los códigos de recuperación, o se añadió o quitó una llave de acceso.",
      "Si no fuiste tú, inicia sesión enseguida, cambia tu contraseña y cierra todas las demás sesiones.",
    ],
    button: "Abrir The Chatroom",
  },
  smsPaused: {
    subject: "Los mensajes de texto están en pausa",
    lines: [
      "The Chatroom ha puesto en pausa los mensajes de texto: o se agotó el presupuesto del día, o muchos códigos fueron a un mismo grupo de números y pocos se confirmaron.",
      "La pausa termina sola. El registro de auditoría dice cuál de las dos causas es.",
    ],
    button: "Abrir The Chatroom",
  },
  footer: "Recibes este correo porque tu dirección se indicó en The Chatroom.",
  smsCode: "{code} es tu código para The Chatroom. Vale durante 10 minutos. No se lo digas a nadie.",
  smsNoAccount: "The Chatroom: alguien pidió una contraseña nueva con este número, pero ninguna cuenta lo tiene.",
};
