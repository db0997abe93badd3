import type { MailTemplates } from "../template.ts";

export const en: MailTemplates = {
  welcome: {
    subject: "Welcome to The Chatroom",
    lines: ["Hello {name},", "Your account is ready. We are glad that you are here."],
    button: "Open The Chatroom",
  },
  confirmEmail: {
    subject: "Confirm your e-mail address",
    lines: [
      "Somebody gave this address for an account on The Chatroom. If it was you, please confirm it. The link is good for two days.",
      "If it was not you, do nothing; the address will not be used.",
    ],
    button: "Confirm this address",
  },
  resetPassword: {
    subject: "Set a new password",
    lines: [
      "Somebody asked for a new password for your account on The Chatroom. If it was you, set one here. The link is good once, for 30 minutes.",
      "If it was not you, do nothing; your password stays as it is.",
    ],
    button: "Set a new password",
  },
  emailChanged: {
    subject: "Your e-mail address was changed",
    lines: [
      "Another e-mail address was set for your account on The Chatroom, or this one was taken away. From now on nothing is sent here.",
      "If it was not you, sign in at once, change your password and end all other sessions.",
    ],
    button: "Open The Chatroom",
  },
  signInChanged: {
    subject: "How you sign in was changed",
    lines: [
      "On your account on The Chatroom two-factor sign-in was switched on or off, the recovery codes were replaced, or a passkey was added or removed.",
      "If it was not you, sign in at once, change your password and end all other sessions.",
    ],
    button: "Open The Chatroom",
  },
  smsPaused: {
    subject: "Text messages are paused",
    lines: [
      "The Chatroom has paused text messages: either the budget of the day is used up, or many codes went to one group of numbers and few were confirmed.",
      "The pause ends by itself. The audit log says which of the two it is.",
    ],
    button: "Open The Chatroom",
  },
  footer: "You get this mail because your address was given on The Chatroom.",
  smsCode: "{code} is your code for The Chatroom. It is good for 10 minutes. Tell it to nobody.",
  smsNoAccount: "The Chatroom: somebody asked for a new password with this number, but no account has it.",
};
