import software.amazon.awssdk.services.sts.StsClient;

/**
 * Makes COUNT calls with a profile that the AWS SDK for Java renews, one every INTERVAL seconds, and prints a line of JSON per
 * call.
 */
final class Renewal {
    public static void main(String[] args) throws InterruptedException {
        int count = Integer.parseInt(args[0]);
        long interval = Long.parseLong(args[1]) * 1000;
        try (StsClient sts = StsClient.create()) {
            for (int call = 0; call < count; call++) {
                // Sessions expire at whole seconds, so no call is on its way at that moment.
                Thread.sleep(interval - (System.currentTimeMillis() - 500) % interval);
                System.out.println("{\"operation\":\"GetCallerIdentity\"" + errorOf(sts) + "}");
            }
        }
    }

    private static String errorOf(StsClient sts) {
        try {
            sts.getCallerIdentity();
            return "";
        } catch (RuntimeException error) {
            return ",\"error\":\"" + error.toString().replaceAll("[^ -~]|[\"\\\\]", " ") + "\"";
        }
    }
}
