-- AlterTable
ALTER TABLE "blocks" ADD COLUMN     "declined" JSONB;
