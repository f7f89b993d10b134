using System.Security.Cryptography;
using System.Text;

namespace Fleet.Postgres;

/// <summary>One step of a schema, the one to version <see cref="Number"/>: a file in infra/postgres, which never changes.</summary>
/// <param name="Name">What the file is called after its number.</param>
public sealed record Migration(int Number, string Name, string Sql)
{
    /// <summary>What the database keeps, so that a file that was changed after it had been applied is noticed.</summary>
    public string Checksum => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sql)));

    public override string ToString() => $"{Number:0000}-{Name}";
}
