/** A choice of emoji, well under the thousands there are, so that one finds the one meant. */
export const groups = {
  faces: "😀 😁 😂 🤣 😊 😇 🙂 😉 😍 🥰 😘 😋 😜 🤔 🤨 😐 😶 🙄 😏 😴 🤒 🥵 🥶 🥳 😎 🤓 😕 😟 😮 😳 🥺 😢 😭 😱 😤 😡 🤯 😬 🤗 🤭 🤫",
  people: "👍 👎 👌 ✌️ 🤞 🤙 👋 ✋ 👏 🙌 🙏 💪 🤝 👀 🧠 🤷 🤦 🙋 💃 🕺 👶 👨‍👩‍👧 ✍️",
  nature: "🐶 🐱 🐭 🐰 🦊 🐻 🐼 🐨 🐸 🐵 🐔 🐧 🦉 🦄 🐝 🦋 🐢 🐟 🌱 🌳 🌸 🌹 🌻 🍀 ☀️ 🌙 ⭐ ☁️ 🌧️ ❄️ 🌈 🌊",
  food: "🍎 🍌 🍓 🍉 🍋 🥑 🍅 🥕 🍞 🧀 🍕 🍔 🍟 🌮 🍜 🍣 🍰 🎂 🍫 🍪 ☕ 🍵 🍺 🍷",
  doing: "⚽ 🏀 🎾 🏆 🎮 🎲 🎯 🎨 🎵 🎸 🎤 🎬 🎧 🏃 🚴 🏊 🧘 🎁 🎉 🎈",
  places: "🏠 🏢 🏫 🏖️ ⛰️ 🌍 🚗 🚌 🚆 ✈️ 🚀 🚲 ⛵ 🗺️ 🏕️",
  things: "📱 💻 ⌨️ 📷 💡 🔋 📚 ✏️ 📎 📅 ✉️ 🔒 🔑 🔧 💊 💰 ⏰ 🛒 👓",
  signs: "❤️ 🧡 💛 💚 💙 💜 🖤 💔 💯 ✨ 🔥 💥 💤 ✅ ❌ ❓ ❗ ⚠️ ➕ ♻️ 🔴 🟢 🏁",
} as const;

export type EmojiGroup = keyof typeof groups;

export const groupNames = Object.keys(groups) as EmojiGroup[];

/** All of them, in the order in which each language names them. */
export const everyEmoji: readonly string[] = groupNames.flatMap((name) => groups[name].split(" "));
