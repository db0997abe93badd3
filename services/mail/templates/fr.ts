import type { MailTemplates } from "../template.ts";

export const fr: MailTemplates = {
  welcome: {
    subject: "Bienvenue sur The Chatroom",
    lines: ["Bonjour {name},", "Votre compte est prêt. Nous sommes heureux de vous accueillir."],
    button: "Ouvrir The Chatroom",
  },
  confirmEmail: {
    subject: "Confirmez votre adresse e-mail",
    lines: [
      "Quelqu’un a indiqué cette adresse pour un compte sur The Chatroom. Si c’était vous, confirmez-la. Le lien est valable deux jours.",
      "Si ce n’était pas vous, ne faites rien ; l’adresse ne sera pas utilisée.",
    ],
    button: "Confirmer cette adresse",
  },
  resetPassword: {
    subject: "Choisissez un nouveau mot de passe",
    lines: [
      "Quelqu’un a demandé un nouveau mot de passe pour votre compte sur The Chatroom. Si c’était vous, choisissez-le ici. Le lien est valable une fois, pendant 30 minutes.",
      "Si ce n’était pas vous, ne faites rien ; votre mot de passe reste le même.",
    ],
    button: "Choisir un nouveau mot de passe",
  },
  emailChanged: {
    subject: "Votre adresse e-mail a été modifiée",
    lines: [
      "Une autre adresse e-mail a été indiquée pour votre compte sur The Chatroom, ou celle-ci a été retirée. Désormais, nous n’enverrons plus rien ici.",
      "Si ce n’était pas vous, connectez-vous tout de suite, changez votre mot de passe et fermez toutes les autres sessions.",
    ],
    button: "Ouvrir The Chatroom",
  },
  signInChanged: {
    subject: "Votre façon de vous connecter a changé",
    lines: [
      "Sur votre compte The Chatroom, la double authentification a été activée ou désactivée, les codes de secours ont été renouvelés, ou une clé d’accès a été ajoutée ou retirée.",
      "Si ce n’était pas vous, connectez-vous tout de suite, changez votre mot de passe et fermez toutes les autres sessions.",
    ],
    button: "Ouvrir The Chatroom",
  },
  smsPaused: {
    subject: "Les SMS sont suspendus",
    lines: [
      "The Chatroom a suspendu l’envoi de SMS : soit le budget du jour est épuisé, soit beaucoup de codes sont partis vers un même groupe de numéros et peu ont été confirmés.",
      "La pause se termine d’elle-même. Le journal d’audit indique laquelle des deux causes s’applique.",
    ],
    button: "Ouvrir The Chatroom",
  },
  footer: "Vous recevez cet e-mail parce que votre adresse a été indiquée sur The Chatroom.",
  smsCode: "{code} est votre code pour The Chatroom. Il est valable 10 minutes. Ne le donnez à personne.",
  smsNoAccount: "The Chatroom : quelqu’un a demandé un nouveau mot de passe avec ce numéro, mais aucun compte ne l’utilise.",
};
