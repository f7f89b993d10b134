namespace Fleet.Coordinator.Stores.Etcd;

/// <summary>What an error of the gateway says about the request: by gRPC's codes, and by etcd's words where one code means several things.</summary>
internal static class EtcdErrors
{
    private const int InvalidArgument = 3;
    private const int NotFound = 5;
    private const int PermissionDenied = 7;
    private const int ResourceExhausted = 8;
    private const int FailedPrecondition = 9;
    private const int OutOfRange = 11;
    private const int Unimplemented = 12;
    private const int Unauthenticated = 16;

    private static readonly string[] Logins = ["invalid auth token", "user name is empty", "auth store is old"];

    public static EtcdException Read(string member, int status, ErrorAnswer? answer)
    {
        var says = answer?.Error is { Length: > 0 } error ? error : $"HTTP status {status}";
        return new EtcdException(Failure(answer?.Code ?? 0, says), $"{member} says: {says}");
    }

    /// <summary>Time-outs, lost raft leaders and whatever is not known here may have been carried out.</summary>
    private static EtcdFailure Failure(int code, string says) => code switch
    {
        Unauthenticated => EtcdFailure.NoToken,
        InvalidArgument when Logins.Any(login => says.Contains(login, StringComparison.Ordinal)) => EtcdFailure.NoToken,
        OutOfRange when says.Contains("compacted", StringComparison.Ordinal) => EtcdFailure.Compacted,
        NotFound when says.Contains("lease", StringComparison.Ordinal) => EtcdFailure.NoLease,
        ResourceExhausted when says.Contains("too many requests", StringComparison.Ordinal) => EtcdFailure.NotSent,
        InvalidArgument or NotFound or PermissionDenied or ResourceExhausted or FailedPrecondition or Unimplemented => EtcdFailure.Refused,
        _ => EtcdFailure.Unknown,
    };
}
