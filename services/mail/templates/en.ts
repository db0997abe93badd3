import type { MailTemplates } from "../template.ts";

export const en: MailTemplates = {
  welcome: {
    subject: "Welcome to The Chatroom",
    lines: ["Hi {name},", "Your account is ready. Welcome!"],
    button: "Open The Chatroom",
  },
  confirmEmail: {
    subject: "Confirm your email address",
    lines: [
      "This address was entered for an account on The Chatroom. If that was you, confirm it with the button below. The link expires in two days.",
      "If it wasn’t you, ignore this email. The address won’t be used.",
    ],
    button: "Confirm email address",
  },
  resetPassword: {
    subject: "Reset your password",
    lines: [
      "We received a request to reset the password of your account on The Chatroom. If that was you, choose a new one with the button below. The link works once and expires in 30 minutes.",
      "If it wasn’t you, ignore this email. Your password won’t change.",
    ],
    button: "Reset password",
  },
  emailChanged: {
    subject: "Your email address was changed",
    lines: [
      "The email address of your account on The Chatroom was changed or removed. We won’t send any more emails to this address.",
      "If it wasn’t you, sign in now, change your password and sign out all other devices.",
    ],
    button: "Open The Chatroom",
  },
  signInChanged: {
    subject: "Your sign-in settings were changed",
    lines: [
      "On your account on The Chatroom, two-factor authentication was turned on or off, the recovery codes were replaced, or a passkey was added or removed.",
      "If it wasn’t you, sign in now, change your password and sign out all other devices.",
    ],
    button: "Open The Chatroom",
  },
  smsPaused: {
    subject: "Text messages are paused",
    lines: [
      "The Chatroom has paused text messages. Either today’s budget is used up, or many codes were sent to one range of numbers and few of them were confirmed.",
      "The pause ends automatically. The audit log shows the reason.",
    ],
    button: "Open The Chatroom",
  },
  footer: "You received this email because this address was entered on The Chatroom.",
  smsCode: "{code} is your code for The Chatroom. It expires in 10 minutes. Do not share it with anyone.",
  smsNoAccount: "The Chatroom: a password reset was requested with this number, but no account uses it.",
};
