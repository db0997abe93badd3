-- CreateTable
CREATE TABLE "job_failures" (
    "job" TEXT NOT NULL,
    "row_key" TEXT NOT NULL,
    "attempts" INTEGER NOT NULL,
    "error" TEXT NOT NULL,
    "failed_at" TIMESTAMPTZ(3) NOT NULL,
    "retry_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "job_failures_pkey" PRIMARY KEY ("job","row_key")
);

-- CreateIndex
CREATE INDEX "job_failures_failed_at_idx" ON "job_failures"("failed_at");
