-- AlterTable
ALTER TABLE "phone_verifications" ADD COLUMN     "country" TEXT NOT NULL DEFAULT '',
ADD COLUMN     "is_sent" BOOLEAN NOT NULL DEFAULT true,
ADD COLUMN     "network" TEXT NOT NULL DEFAULT '';

-- CreateTable
CREATE TABLE "sms_budgets" (
    "day" DATE NOT NULL,
    "sent" INTEGER NOT NULL DEFAULT 0,
    "reserve_sent" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "sms_budgets_pkey" PRIMARY KEY ("day")
);

-- CreateIndex
CREATE INDEX "phone_verifications_country_created_at_idx" ON "phone_verifications"("country", "created_at");

-- CreateIndex
CREATE INDEX "phone_verifications_network_created_at_idx" ON "phone_verifications"("network", "created_at");
