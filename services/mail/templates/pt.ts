import type { MailTemplates } from "../template.ts";

export const pt: MailTemplates = {
  welcome: {
    subject: "Boas-vindas ao The Chatroom",
    lines: ["Olá, {name}!", "A sua conta está pronta. Que bom ter você aqui."],
    button: "Abrir o The Chatroom",
  },
  confirmEmail: {
    subject: "Confirme o seu e-mail",
    lines: [
      "Alguém indicou este endereço para uma conta no The Chatroom. Se foi você, confirme-o. O link vale por dois dias.",
      "Se não foi você, não faça nada; o endereço não será usado.",
    ],
    button: "Confirmar este endereço",
  },
  resetPassword: {
    subject: "Defina uma nova senha",
    lines: [
      "Alguém pediu uma nova senha para a sua conta no The Chatroom. Se foi você, defina-a aqui. O link vale uma única vez, por 30 minutos.",
      "Se não foi você, não faça nada; a sua senha continua a mesma.",
    ],
    button: "Definir uma nova senha",
  },
  emailChanged: {
    subject: "O seu e-mail foi alterado",
    lines: [
      "Outro e-mail foi indicado para a sua conta no The Chatroom, ou este foi removido. A partir de agora nada mais será enviado para cá.",
      "Se não foi você, entre imediatamente, troque a sua senha e encerre todas as outras sessões.",
    ],
    button: "Abrir o The Chatroom",
  },
  signInChanged: {
    subject: "A forma de entrar na sua conta mudou",
    lines: [
      "Na sua conta do The Chatroom, a verificação em duas etapas foi ativada ou desativada, os códigos de recuperação foram renovados, ou uma chave de acesso foi adicionada ou removida.",
      "Se não foi você, entre imediatamente, troque a sua senha e encerre todas as outras sessões.",
    ],
    button: "Abrir o The Chatroom",
  },
  smsPaused: {
    subject: "As mensagens de texto estão em pausa",
    lines: [
      "O The Chatroom pausou as mensagens de texto: ou o orçamento do dia acabou, ou muitos códigos foram para um mesmo grupo de números e poucos foram confirmados.",
      "A pausa termina sozinha. O registro de auditoria diz qual das duas é a causa.",
    ],
    button: "Abrir o The Chatroom",
  },
  footer: "Você recebe este e-mail porque o seu endereço foi indicado no The Chatroom.",
  smsCode: "{code} é o seu código do The Chatroom. Vale por 10 minutos. Não o diga a ninguém.",
  smsNoAccount: "The Chatroom: alguém pediu uma nova senha com este número, mas nenhuma conta o tem.",
};
