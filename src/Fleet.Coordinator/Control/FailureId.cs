using System.Security.Cryptography;

namespace Fleet.Coordinator.Control;

/// <summary>What ties a refusal that somebody sees to the exception in the log: eight hexadecimal digits.</summary>
internal static class FailureId
{
    public static string New() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));
}
