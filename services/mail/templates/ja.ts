import type { MailTemplates } from "../template.ts";

export const ja: MailTemplates = {
  welcome: {
    subject: "The Chatroom へようこそ",
    lines: ["{name} さん", "アカウントの準備ができました。ご参加ありがとうございます。"],
    button: "The Chatroom を開く",
  },
  confirmEmail: {
    subject: "メールアドレスを確認してください",
    lines: [
      "The Chatroom のアカウントに、このアドレスが入力されました。ご本人の場合は、下のボタンから確認してください。リンクは2日間有効です。",
      "お心当たりがない場合は、このメールを無視してください。このアドレスが使われることはありません。",
    ],
    button: "メールアドレスを確認",
  },
  resetPassword: {
    subject: "パスワードの再設定",
    lines: [
      "The Chatroom のアカウントのパスワード再設定がリクエストされました。ご本人の場合は、下のボタンから新しいパスワードを設定してください。リンクは1回限り、30分間有効です。",
      "お心当たりがない場合は、このメールを無視してください。パスワードは変更されません。",
    ],
    button: "パスワードを再設定",
  },
  emailChanged: {
    subject: "メールアドレスが変更されました",
    lines: [
      "The Chatroom のアカウントのメールアドレスが変更または削除されました。今後、このアドレスにメールをお送りすることはありません。",
      "お心当たりがない場合は、すぐにサインインしてパスワードを変更し、ほかのデバイスをすべてサインアウトしてください。",
    ],
    button: "The Chatroom を開く",
  },
  signInChanged: {
    subject: "サインイン設定が変更されました",
    lines: [
      "The Chatroom のアカウントで、2段階認証のオンとオフの切り替え、リカバリーコードの再作成、またはパスキーの追加や削除が行われました。",
      "お心当たりがない場合は、すぐにサインインしてパスワードを変更し、ほかのデバイスをすべてサインアウトしてください。",
    ],
    button: "The Chatroom を開く",
  },
  smsPaused: {
    subject: "SMS の送信を一時停止しています",
    lines: [
      "The Chatroom は SMS の送信を一時停止しました。今日の予算を使い切ったか、1つの番号帯に多くのコードが送信され、そのほとんどが確認されなかったためです。",
      "一時停止は自動的に解除されます。理由は監査ログで確認できます。",
    ],
    button: "The Chatroom を開く",
  },
  footer: "このメールは、The Chatroom でこのアドレスが入力されたためお送りしています。",
  smsCode: "{code} は The Chatroom の確認コードです。10分間有効です。誰にも教えないでください。",
  smsNoAccount: "The Chatroom: この番号でパスワードの再設定がリクエストされましたが、この番号のアカウントはありません。",
};
