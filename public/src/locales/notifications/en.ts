import type { Forms } from "../en.ts";

const phrases = {
  doNotDisturb: "Do not disturb",
  pauseHint: "No pop-ups and no sound. New notifications still appear in this list.",
  forHalfHour: "For 30 minutes",
  forHour: "For 1 hour",
  untilToday: "Until {time}",
  untilTomorrow: "Until {time} tomorrow",
  turnOff: "Turn off",
  quietUntil: "Do not disturb is on until {time}.",
  quietHoursNow: "Quiet hours are on until {time}.",
  alerts: "Alerts",
  toasts: "Pop-ups",
  toastsHint: "Show a pop-up when something happens in another room.",
  sound: "Sound",
  soundHint: "Play a short tone while this site is open.",
  playSound: "Play sound",
  about: "Notify me about",
  mentions: "Mentions",
  replies: "Replies to my messages",
  messages: "Messages in conversations",
  requests: "Message requests and invitations",
  quietHours: "Quiet hours",
  quietHoursHint: "Do not disturb turns on at this time every day.",
  from: "From",
  to: "To",
  zone: "Time zone: {zone}",
  useZone: "Use {zone}",
  sameTimes: "Choose two different times.",
  perRoom: "Rooms and conversations",
  perRoomHint: "Choose your notifications for each one.",
  perRoomNone: "Rooms you enter will appear here.",
  levelOf: "Notifications for {name}",
  levelAll: "All messages",
  levelMentions: "Mentions only",
  levelMute: "Muted",
  show: "Show",
  all: "All",
  unread: "Unread",
  noUnread: "You’re all caught up",
  noUnreadHint: "Select All to see earlier notifications.",
  markGroup: "Mark all from {name} as read",
  settings: "Notification settings",
  reply: "Reply",
  replyTo: "Reply to {name}",
  sending: "Sending…",
  waiting: "Not sent yet. It will be sent automatically.",
  sent: "Reply sent",
  held: "Held for review. Only you and the moderators can see it.",
  edit: "Edit",
  discard: "Discard",
  wrote: "{name} sent a message",
  moderators: "Moderators",
  moderation: "A decision about you",
  moderationText: "See what was decided and why.",
  appeal: "Your appeal was decided",
  appealText: "See the answer.",
  report: "Your report was reviewed",
  reportText: "See the outcome.",
} as const;

const counted = {
  unreadIn: { one: "{count} unread", other: "{count} unread" },
} satisfies Record<string, Forms>;

export const en = { phrases, counted };

export type NotifyKey = keyof typeof phrases;
export type NotifyCountedKey = keyof typeof counted;
/** The texts that every language must have: a missing key does not compile. */
export type NotifyTexts = { phrases: Record<NotifyKey, string>; counted: Record<NotifyCountedKey, Forms> };
