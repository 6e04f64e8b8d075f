-- CreateTable
CREATE TABLE "rate_limits" (
    "model" TEXT NOT NULL,
    "pace" JSONB NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "rate_limits_pkey" PRIMARY KEY ("model")
);
