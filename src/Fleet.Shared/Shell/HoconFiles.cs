using System.Text;
using Fleet.Shared.Hocon;

namespace Fleet.Shared.Shell;

/// <summary>
/// Configuration text from the disk: the one place in Fleet.Shared that opens files, because coordinator, node, pbm and the demo all need it
/// and none of them may reference another. Text that is not UTF-8 is refused, as the HOCON specification asks.
/// </summary>
public sealed class HoconFiles : IHoconSources
{
    static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public HoconText Read(string path)
    {
        try
        {
            return new HoconText.Found(File.ReadAllText(path, Strict));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return new HoconText.Missing();
        }
        catch (DecoderFallbackException)
        {
            return new HoconText.Unreadable("bytes that are not UTF-8");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return new HoconText.Unreadable(Directory.Exists(path) ? "a folder" : e.Message);
        }
    }
}
