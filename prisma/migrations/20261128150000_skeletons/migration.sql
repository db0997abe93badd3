-- Stored skeletons follow the new pairs of look-alikes in services/users/names/confusables.ts: small capitals, letters in black circles and
-- squares, and w, which looks like two v. No skeleton holds a plain m (it is stored as rn), so m marks what becomes rn.
CREATE FUNCTION pg_temp.new_skeleton(old text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT replace(replace(translate(old,
    'ᴀʙᴅᴇꜰɢʜᴊĸʟɴᴘꞯʀᴛʌπᴎᴙʍ🅐🅑🅒🅓🅔🅕🅖🅗🅘🅙🅚🅛🅜🅝🅞🅟🅠🅡🅢🅣🅤🅥🅦🅧🅨🅩🅰🅱🅲🅳🅴🅵🅶🅷🅸🅹🅺🅻🅼🅽🅾🅿🆀🆁🆂🆃🆄🆅🆆🆇🆈🆉',
    'abdefghjklnpqrtannrmabcdefghljklmnopqrstuvwxyzabcdefghljklmnopqrstuvwxyz'), 'm', 'rn'), 'w', 'vv')
$$;

UPDATE "users" SET "name_skeleton" = pg_temp.new_skeleton("name_skeleton")
WHERE "name_skeleton" <> pg_temp.new_skeleton("name_skeleton");

-- A username's skeleton is unique. Of two usernames that look alike by the new pairs only, the older one takes the skeleton and the
-- other one keeps its old skeleton: both usernames stay.
UPDATE "users" u SET "username_skeleton" = pg_temp.new_skeleton(u."username_skeleton")
WHERE u."username_skeleton" <> pg_temp.new_skeleton(u."username_skeleton")
  AND NOT EXISTS (
    SELECT FROM "users" o
    WHERE o."id" <> u."id" AND pg_temp.new_skeleton(o."username_skeleton") = pg_temp.new_skeleton(u."username_skeleton")
      AND (o."id" < u."id" OR o."username_skeleton" = pg_temp.new_skeleton(o."username_skeleton"))
  );

DROP FUNCTION pg_temp.new_skeleton(text);
