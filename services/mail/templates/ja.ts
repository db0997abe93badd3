import type { MailTemplates } from "../template.ts";

export const ja: MailTemplates = {
  welcome: {
    subject: "The Chatroom へようこそ",
    lines: ["{name} さん", "アカウントの準備ができました。ご参加ありがとうございます。"],
    button: "The Chatroom を開く",
  },
  confirmEmail: {
    subject: "メールアドレスの確認",
    lines: [
      "The Chatroom のアカウントに、このアドレスが登録されました。ご本人の場合は確認してください。リンクは2日間有効です。",
      "お心当たりがない場合は、何もする必要はありません。このアドレスは使われません。",
    ],
    button: "アドレスを確認する",
  },
  resetPassword: {
    subject: "新しいパスワードの設定",
    lines: [
      "The Chatroom のアカウントについて、新しいパスワードの設定が求められました。ご本人の場合は、こちらから設定してください。リンクは1回限り、30分間有効です。",
      "お心当たりがない場合は、何もする必要はありません。パスワードは変わりません。",
    ],
    button: "新しいパスワードを設定する",
  },
  emailChanged: {
    subject: "メールアドレスが変更されました",
    lines: [
      "The Chatroom のアカウントに別のメールアドレスが登録されたか、このアドレスが削除されました。今後、こちらにはお送りしません。",
      "お心当たりがない場合は、すぐにサインインしてパスワードを変更し、ほかのセッションをすべて終了してください。",
    ],
    button: "The Chatroom を開く",
  },
  signInChanged: {
    subject: "サインインの方法が変更されました",
    lines: [
      "The Chatroom のアカウントで、二段階認証がオンまたはオフにされたか、復元コードが更新されたか、パスキーが追加または削除されました。",
      "お心当たりがない場合は、すぐにサインインしてパスワードを変更し、ほかのセッションをすべて終了してください。",
    ],
    button: "The Chatroom を開く",
  },
  smsPaused: {
    subject: "SMS の送信を停止しています",
    lines: [
      "The Chatroom は SMS の送信を停止しました。1日の予算を使い切ったか、同じ番号帯に多くのコードが送られ、ほとんど確認されなかったためです。",
      "停止は自動的に解除されます。どちらの理由かは監査ログに記録されています。",
    ],
    button: "The Chatroom を開く",
  },
  footer: "このメールは、The Chatroom にこのアドレスが登録されたためお送りしています。",
  smsCode: "{code} は The Chatroom の確認コードです。10分間有効です。誰にも教えないでください。",
  smsNoAccount: "The Chatroom: この番号で新しいパスワードが求められましたが、この番号のアカウントはありません。",
};
