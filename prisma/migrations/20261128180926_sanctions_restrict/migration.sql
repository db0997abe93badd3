-- DropForeignKey
ALTER TABLE "sanctions" DROP CONSTRAINT "sanctions_user_id_fkey";

-- AddForeignKey
ALTER TABLE "sanctions" ADD CONSTRAINT "sanctions_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
