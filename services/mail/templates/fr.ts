import type { MailTemplates } from "../template.ts";

export const fr: MailTemplates = {
  welcome: {
    subject: "Bienvenue sur The Chatroom",
    lines: ["Bonjour {name},", "Votre compte est prêt. Bienvenue !"],
    button: "Ouvrir The Chatroom",
  },
  confirmEmail: {
    subject: "Confirmez votre adresse e-mail",
    lines: [
      "Cette adresse a été indiquée pour un compte sur The Chatroom. Si c’était vous, confirmez-la avec le bouton ci-dessous. Le lien expire dans deux jours.",
      "Si ce n’était pas vous, ignorez cet e-mail. L’adresse ne sera pas utilisée.",
    ],
    button: "Confirmer l’adresse e-mail",
  },
  resetPassword: {
    subject: "Réinitialisez votre mot de passe",
    lines: [
      "Nous avons reçu une demande de réinitialisation du mot de passe de votre compte sur The Chatroom. Si c’était vous, choisissez-en un nouveau avec le bouton ci-dessous. Le lien ne sert qu’une fois et expire dans 30 minutes.",
      "Si ce n’était pas vous, ignorez cet e-mail. Votre mot de passe ne changera pas.",
    ],
    button: "Réinitialiser le mot de passe",
  },
  emailChanged: {
    subject: "Votre adresse e-mail a été modifiée",
    lines: [
      "L’adresse e-mail de votre compte sur The Chatroom a été modifiée ou supprimée. Nous n’enverrons plus d’e-mails à cette adresse.",
      "Si ce n’était pas vous, connectez-vous maintenant, modifiez votre mot de passe et déconnectez tous les autres appareils.",
    ],
    button: "Ouvrir The Chatroom",
  },
  signInChanged: {
    subject: "Vos réglages de connexion ont été modifiés",
    lines: [
      "Sur votre compte The Chatroom, la double authentification a été activée ou désactivée, les codes de secours ont été remplacés, ou une clé d’accès a été ajoutée ou supprimée.",
      "Si ce n’était pas vous, connectez-vous maintenant, modifiez votre mot de passe et déconnectez tous les autres appareils.",
    ],
    button: "Ouvrir The Chatroom",
  },
  smsPaused: {
    subject: "Les SMS sont suspendus",
    lines: [
      "The Chatroom a suspendu l’envoi de SMS. Soit le budget du jour est épuisé, soit de nombreux codes ont été envoyés à une même plage de numéros et peu ont été confirmés.",
      "L’envoi reprendra automatiquement. Le journal d’audit indique la raison de la pause.",
    ],
    button: "Ouvrir The Chatroom",
  },
  footer: "Vous recevez cet e-mail parce que cette adresse a été indiquée sur The Chatroom.",
  smsCode: "{code} est votre code pour The Chatroom. Il expire dans 10 minutes. Ne le partagez avec personne.",
  smsNoAccount: "The Chatroom : un nouveau mot de passe a été demandé avec ce numéro, mais aucun compte ne correspond.",
};
