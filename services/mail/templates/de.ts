import type { MailTemplates } from "../template.ts";

export const de: MailTemplates = {
  welcome: {
    subject: "Willkommen bei The Chatroom",
    lines: ["Hallo {name},", "dein Konto ist bereit. Schön, dass du da bist!"],
    button: "The Chatroom öffnen",
  },
  confirmEmail: {
    subject: "Bestätige deine E-Mail-Adresse",
    lines: [
      "Diese Adresse wurde für ein Konto bei The Chatroom angegeben. Wenn du das warst, bestätige sie über die Schaltfläche unten. Der Link läuft in zwei Tagen ab.",
      "Wenn du das nicht warst, ignoriere diese E-Mail. Die Adresse wird nicht verwendet.",
    ],
    button: "E-Mail-Adresse bestätigen",
  },
  resetPassword: {
    subject: "Setze dein Passwort zurück",
    lines: [
      "Wir haben eine Anfrage erhalten, das Passwort deines Kontos bei The Chatroom zurückzusetzen. Wenn du das warst, wähle über die Schaltfläche unten ein neues. Der Link funktioniert einmal und läuft in 30 Minuten ab.",
      "Wenn du das nicht warst, ignoriere diese E-Mail. Dein Passwort bleibt unverändert.",
    ],
    button: "Passwort zurücksetzen",
  },
  emailChanged: {
    subject: "Deine E-Mail-Adresse wurde geändert",
    lines: [
      "Die E-Mail-Adresse deines Kontos bei The Chatroom wurde geändert oder entfernt. Wir senden keine weiteren E-Mails an diese Adresse.",
      "Wenn du das nicht warst, melde dich sofort an, ändere dein Passwort und melde alle anderen Geräte ab.",
    ],
    button: "The Chatroom öffnen",
  },
  signInChanged: {
    subject: "Deine Anmeldeeinstellungen wurden geändert",
    lines: [
      "In deinem Konto bei The Chatroom wurde die Zwei-Faktor-Authentifizierung aktiviert oder deaktiviert, die Wiederherstellungscodes wurden ersetzt, oder ein Passkey wurde hinzugefügt oder entfernt.",
      "Wenn du das nicht warst, melde dich sofort an, ändere dein Passwort und melde alle anderen Geräte ab.",
    ],
    button: "The Chatroom öffnen",
  },
  smsPaused: {
    subject: "Der SMS-Versand ist pausiert",
    lines: [
      "The Chatroom hat den SMS-Versand pausiert. Entweder ist das heutige Budget aufgebraucht, oder viele Codes wurden an denselben Nummernbereich gesendet und nur wenige davon bestätigt.",
      "Die Pause endet automatisch. Der Grund steht im Prüfprotokoll.",
    ],
    button: "The Chatroom öffnen",
  },
  footer: "Du erhältst diese E-Mail, weil diese Adresse bei The Chatroom angegeben wurde.",
  smsCode: "{code} ist dein Code für The Chatroom. Er gilt 10 Minuten. Gib ihn an niemanden weiter.",
  smsNoAccount: "The Chatroom: Mit dieser Nummer wurde ein neues Passwort angefordert, aber kein Konto verwendet sie.",
};
