import type { MailTemplates } from "../template.ts";

export const de: MailTemplates = {
  welcome: {
    subject: "Willkommen bei The Chatroom",
    lines: ["Hallo {name},", "dein Konto ist bereit. Schön, dass du da bist."],
    button: "The Chatroom öffnen",
  },
  confirmEmail: {
    subject: "Bestätige deine E-Mail-Adresse",
    lines: [
      "Jemand hat diese Adresse für ein Konto bei The Chatroom angegeben. Wenn du das warst, bestätige sie bitte. Der Link gilt zwei Tage.",
      "Wenn du das nicht warst, musst du nichts tun; die Adresse wird nicht verwendet.",
    ],
    button: "Adresse bestätigen",
  },
  resetPassword: {
    subject: "Neues Passwort festlegen",
    lines: [
      "Jemand hat ein neues Passwort für dein Konto bei The Chatroom angefordert. Wenn du das warst, lege es hier fest. Der Link gilt einmal und 30 Minuten lang.",
      "Wenn du das nicht warst, musst du nichts tun; dein Passwort bleibt, wie es ist.",
    ],
    button: "Neues Passwort festlegen",
  },
  emailChanged: {
    subject: "Deine E-Mail-Adresse wurde geändert",
    lines: [
      "Für dein Konto bei The Chatroom wurde eine andere E-Mail-Adresse angegeben, oder diese wurde entfernt. Ab jetzt schicken wir nichts mehr hierher.",
      "Wenn du das nicht warst, melde dich sofort an, ändere dein Passwort und beende alle anderen Sitzungen.",
    ],
    button: "The Chatroom öffnen",
  },
  signInChanged: {
    subject: "Deine Anmeldung wurde geändert",
    lines: [
      "Für dein Konto bei The Chatroom wurde die Anmeldung mit zwei Faktoren ein- oder ausgeschaltet, die Wiederherstellungscodes wurden erneuert, oder ein Passkey kam hinzu oder wurde entfernt.",
      "Wenn du das nicht warst, melde dich sofort an, ändere dein Passwort und beende alle anderen Sitzungen.",
    ],
    button: "The Chatroom öffnen",
  },
  smsPaused: {
    subject: "SMS sind angehalten",
    lines: [
      "The Chatroom hat den Versand von SMS angehalten: Entweder ist das Budget des Tages aufgebraucht, oder viele Codes gingen an eine Gruppe von Nummern und wenige wurden bestätigt.",
      "Die Pause endet von selbst. Was von beidem es ist, steht im Prüfprotokoll.",
    ],
    button: "The Chatroom öffnen",
  },
  footer: "Du bekommst diese Mail, weil deine Adresse bei The Chatroom angegeben wurde.",
  smsCode: "{code} ist dein Code für The Chatroom. Er gilt 10 Minuten. Gib ihn niemandem weiter.",
  smsNoAccount: "The Chatroom: Jemand hat mit dieser Nummer ein neues Passwort angefordert, aber kein Konto hat sie.",
};
