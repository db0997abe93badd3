import type { MailTemplates } from "../template.ts";

export const pt: MailTemplates = {
  welcome: {
    subject: "Boas-vindas ao The Chatroom",
    lines: ["Olá, {name}!", "Sua conta está pronta. Boas-vindas!"],
    button: "Abrir o The Chatroom",
  },
  confirmEmail: {
    subject: "Confirme seu e-mail",
    lines: [
      "Este endereço foi informado para uma conta no The Chatroom. Se foi você, confirme-o com o botão abaixo. O link expira em dois dias.",
      "Se não foi você, ignore este e-mail. O endereço não será usado.",
    ],
    button: "Confirmar e-mail",
  },
  resetPassword: {
    subject: "Redefina sua senha",
    lines: [
      "Recebemos uma solicitação para redefinir a senha da sua conta no The Chatroom. Se foi você, escolha uma nova com o botão abaixo. O link funciona uma única vez e expira em 30 minutos.",
      "Se não foi você, ignore este e-mail. Sua senha não será alterada.",
    ],
    button: "Redefinir senha",
  },
  emailChanged: {
    subject: "Seu e-mail foi alterado",
    lines: [
      "O e-mail da sua conta no The Chatroom foi alterado ou removido. Não enviaremos mais e-mails para este endereço.",
      "Se não foi você, entre agora, altere sua senha e saia de todos os outros dispositivos.",
    ],
    button: "Abrir o The Chatroom",
  },
  signInChanged: {
    subject: "A forma de entrar na sua conta foi alterada",
    lines: [
      "Na sua conta no The Chatroom, a verificação em duas etapas foi ativada ou desativada, os códigos de recuperação foram substituídos, ou uma chave de acesso foi adicionada ou removida.",
      "Se não foi você, entre agora, altere sua senha e saia de todos os outros dispositivos.",
    ],
    button: "Abrir o The Chatroom",
  },
  smsPaused: {
    subject: "Os SMS estão pausados",
    lines: [
      "O The Chatroom pausou os SMS. Ou o orçamento de hoje acabou, ou muitos códigos foram enviados para uma mesma faixa de números e poucos foram confirmados.",
      "A pausa termina automaticamente. O registro de auditoria mostra o motivo.",
    ],
    button: "Abrir o The Chatroom",
  },
  footer: "Você recebeu este e-mail porque este endereço foi informado no The Chatroom.",
  smsCode: "{code} é seu código do The Chatroom. Ele expira em 10 minutos. Não o compartilhe com ninguém.",
  smsNoAccount: "The Chatroom: uma redefinição de senha foi solicitada com este número, mas nenhuma conta o usa.",
};
